export { assetUrl, publicAssets } from './assets.ts'
export { layoutRoutes } from './layout.routes.ts'
export { type Page, page } from './layout.ts'
