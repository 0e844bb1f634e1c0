declare module 'virtual:ant-design.css'
