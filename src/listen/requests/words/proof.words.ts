/** What the receipt says of the register of acts. */
export const requestProofWords = {
  'zh-CN': {
    'requests.proof.title': '记下了，抹不掉',
    'requests.proof.waiting': '已签名承诺：这件事会记进办事记录',
    'requests.proof.waiting-text': '一两秒后就有位次和证明，请再看一次。',
    'requests.proof.promise': '签了名的承诺',
    'requests.proof.again': '再看一次',
    'requests.proof.standing': '您的事已记进办事记录。谁要抽掉或改动它，凭下面的证明就能看出来。',
    'requests.proof.place': '位次',
    'requests.proof.place-nth': '第 {{place}} 条',
    'requests.proof.at': '记于',
    'requests.proof.said': '您的原话',
    'requests.proof.words-proved': '文件里有您的原话，能证明记下的就是这些',
    'requests.proof.words-erased': '原话的盐已随注销删除，只能证明这件事在，不能再证明说了什么',
    'requests.proof.words-withheld': '文件里没有原话：这个链接不是直接发给您的',
    'requests.proof.words-none': '这一条没有原话',
    'requests.proof.file': '保存证明文件',
    'requests.proof.qr-text': '扫这个码，随时看它还在不在原处。里面没有您的话，也没有查询链接。',
    'requests.proof.qr': '核对这一条是否还在的二维码',
    'requests.proof.text': '证明的文字（不含原话）',
    'requests.proof.what': '这是怎么回事，怎样核对',
    'requests.proof.broken-title': '办事记录对不上',
    'requests.proof.missing': '办事记录里找不到这件事。请保存此页，交给监督委员会或上一级。',
    'requests.proof.broken':
      '这件事通向公布过的总指纹的路断了：记录被改过或抽掉过。请保存此页，交给监督委员会或上一级。',
  },
  en: {
    'requests.proof.title': 'Written down, and not to be erased',
    'requests.proof.waiting': 'Promised with a signature: this goes into the register',
    'requests.proof.waiting-text': 'In a second or two it has its place and its proof. Please look again.',
    'requests.proof.promise': 'The signed promise',
    'requests.proof.again': 'Look again',
    'requests.proof.standing':
      'What you told stands in the register. Should anybody remove or change it, the proof below shows it.',
    'requests.proof.place': 'Place',
    'requests.proof.place-nth': 'entry {{place}}',
    'requests.proof.at': 'Written down',
    'requests.proof.said': 'Your words',
    'requests.proof.words-proved': 'in the file, which proves that these are the ones that were written down',
    'requests.proof.words-erased':
      'their salt went when the account was deleted: that it stands can be proved, what was said no longer',
    'requests.proof.words-withheld': 'not in the file: this link did not go to you directly',
    'requests.proof.words-none': 'none belong to this entry',
    'requests.proof.file': 'Save the proof as a file',
    'requests.proof.qr-text':
      'This code shows at any time whether it stands where it stood. It holds no words of yours and not your link.',
    'requests.proof.qr': 'A code that shows whether this entry still stands',
    'requests.proof.text': 'The proof as text, without your words',
    'requests.proof.what': 'What this is, and how to check it',
    'requests.proof.broken-title': 'The register does not agree',
    'requests.proof.missing':
      'This is not in the register. Keep this page, and take it to the supervision committee or a level above.',
    'requests.proof.broken':
      'The way from this to what was published is broken: the register was changed, or something was removed. Keep this page, and take it to the supervision committee or a level above.',
  },
} as const

/** Keys put together from how it stands. */
export const requestProofFamilies = {
  'requests.proof.words-': ['proved', 'erased', 'withheld', 'none'],
  'requests.proof.': ['missing', 'broken'],
}
