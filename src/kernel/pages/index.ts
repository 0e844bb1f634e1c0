export * from './pieces.ts'
