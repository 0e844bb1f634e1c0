export { createWebhook, revokeWebhook, WebhookRefusal } from './webhooks.making.ts'
export { readDeliveries, readWebhooks } from './webhooks.store.ts'
