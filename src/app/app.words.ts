export const appWords = {
  'zh-CN': {
    'app.docs.title': '接口',
    'app.docs.lead': '邻里的每个接口都在这里，由程序自己印出。机器读的版本：',
    'app.docs.method': '方法',
    'app.docs.address': '地址',
    'app.docs.does': '做什么',
    'app.docs.parameters': '参数',
    'app.docs.answers': '应答',
    'app.desk-not-built': '工作台还没有构建。请用 npm start 启动，它会先构建。',
  },
  en: {
    'app.docs.title': 'Interfaces',
    'app.docs.lead': 'Every interface of Linli, printed by the program itself. For machines:',
    'app.docs.method': 'Method',
    'app.docs.address': 'Address',
    'app.docs.does': 'What it does',
    'app.docs.parameters': 'Parameters',
    'app.docs.answers': 'Answers',
    'app.desk-not-built': 'The desk is not built yet. Start with npm start, which builds it first.',
  },
} as const
