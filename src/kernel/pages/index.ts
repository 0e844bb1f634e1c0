export * from './display.ts'
export * from './pieces.ts'
export * from './qr.ts'
