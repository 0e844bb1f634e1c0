import { parentPort } from 'node:worker_threads'
import { toVectorText } from '#kernel/search/index.ts'

parentPort?.on('message', (texts: string[]) => parentPort?.postMessage(texts.map(toVectorText)))
