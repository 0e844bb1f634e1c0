export * from './display.ts'
export * from './pieces.ts'
