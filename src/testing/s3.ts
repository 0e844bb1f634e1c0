// A server that speaks S3, on a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import type { Config } from '#kernel/config/index.ts'

export interface TestS3 {
  /** As the settings would say it. */
  readonly settings: NonNullable<Config['files']>
  /** Nobody answers any more, until `back`. */
  away(): Promise<void>
  back(): Promise<void>
  stop(): Promise<void>
}

/** Starts one with an empty bucket. The caller stops it. */
export async function testS3(): Promise<TestS3> {
  const directory = mkdtempSync(join(tmpdir(), 'linli-s3-'))
  const open = async (port: number) => {
    const server = new S3rver({
      address: '127.0.0.1',
      port,
      silent: true,
      directory,
      // It reckons the signature of a listing otherwise than the library and Amazon do; names of keys it does check.
      allowMismatchedSignatures: true,
      configureBuckets: [{ name: 'linli' }],
    })
    listAsS3(server)
    return { server, port: (await server.run()).port }
  }
  let running = await open(0)
  const { port } = running
  const away = async () => {
    running.server.httpServer.closeAllConnections()
    await running.server.close()
  }
  return {
    settings: {
      bucket: 'linli',
      prefix: 'place/files/',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      keyId: 'S3RVER',
      secret: 'S3RVER',
      pathStyle: true,
    },
    away,
    async back() {
      running = await open(port)
    },
    async stop() {
      await away().catch(() => undefined)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** By itself it leaves out folders that hold folders alone. */
function listAsS3({ store }: S3rver): void {
  const list = store.listObjects.bind(store)
  store.listObjects = async (bucket, options) => {
    const { delimiter, prefix = '' } = options
    if (!delimiter) return list(bucket, options)
    const { objects, isTruncated } = await list(bucket, { prefix })
    const ends = ({ key }: { key: string }) => key.indexOf(delimiter, prefix.length)
    const folders = objects.filter((each) => ends(each) >= 0).map((each) => each.key.slice(0, ends(each) + 1))
    return {
      objects: objects.filter((each) => ends(each) < 0),
      commonPrefixes: [...new Set(folders)].sort(),
      isTruncated,
    }
  }
}
