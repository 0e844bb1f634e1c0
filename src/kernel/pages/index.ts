export * from './display.ts'
export * from './modules.ts'
export * from './pieces.ts'
export * from './qr.ts'
