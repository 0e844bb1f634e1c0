export { assetUrl, publicAssets } from './assets.ts'
export { backPath, type Display, readDisplay } from './display.ts'
export { layoutRoutes } from './layout.routes.ts'
export { type Page, page } from './layout.ts'
