import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Config } from '../../config/index.ts'
import { Refusal } from '../../http/refusal.ts'
import { unfit } from '../refusals.ts'
import type { FileStore } from './store.ts'

/**
 * Files in S3. Everything goes through this server, which has asked whether the reader may: no object is public and no address to
 * one is ever given out. Loaded only where it is wanted, since the library is large.
 */
export function s3Store(
  settings: NonNullable<Config['files']>,
  /** Milliseconds after which a store that says nothing counts as away. */
  silence = 8_000,
): FileStore {
  const { bucket, prefix, endpoint, region, keyId, secret, pathStyle } = settings
  const client = new S3Client({
    region,
    ...(endpoint ? { endpoint } : {}),
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    forcePathStyle: pathStyle,
    // One attempt more, and the library spends from a purse that empties: a store that is away is not run down.
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 3_000,
      // A silence; a large file may take longer as long as it moves.
      socketTimeout: silence,
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
    },
    // What other makers of S3 do not all know; the signature covers the bytes as it is.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  let asking: Promise<Refusal | null> | null = null

  /** Keys below a folder with all that lies in its folders, or, with a delimiter, what lies directly in it. */
  async function keysBelow(folder: string, Delimiter?: '/'): Promise<string[]> {
    const keys: (string | undefined)[] = []
    for await (const page of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: prefix + folder, ...(Delimiter && { Delimiter }) },
    )) {
      keys.push(...(page.CommonPrefixes ?? []).map((found) => found.Prefix?.slice(0, -1)))
      keys.push(...(page.Contents ?? []).map((found) => found.Key))
    }
    return keys.filter((key) => key !== undefined)
  }
  const put = async (key: string, bytes: Buffer) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + key, Body: bytes }))
  }

  return {
    put: (key, bytes) => put(key, bytes).catch(refuse),
    async open(key, range) {
      try {
        const answer = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: prefix + key,
            ...(range ? { Range: `bytes=${range.from}-${range.to}` } : {}),
          }),
        )
        const bytes = answer.ContentLength ?? 0
        const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? bytes)
        return { stream: answer.Body as Readable, bytes, total }
      } catch (error) {
        return (error as Error).name === 'NoSuchKey' ? null : refuse(error)
      }
    },
    async list(folder) {
      const keys = await keysBelow(folder, '/').catch(refuse)
      return keys.map((key) => key.slice(key.lastIndexOf('/') + 1))
    },
    async remove(folder) {
      try {
        // One by one: in an answer about many, what was not deleted is easily overheard.
        for (const Key of await keysBelow(folder)) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
      } catch (error) {
        refuse(error)
      }
    },
    refusal() {
      // However many ask at once, the store is asked once.
      asking ??= put('readyz', Buffer.from('linli'))
        .then(() => null, refusalFor)
        .finally(() => {
          asking = null
        })
      return asking
    },
    close: () => client.destroy(),
  }
}

function refuse(error: unknown): never {
  throw refusalFor(error)
}

/** What a failure of S3 means to whoever wanted a file; the failure itself goes along for the log. */
function refusalFor(raised: unknown): Refusal {
  const error = raised as Error & { $metadata?: { httpStatusCode?: number } }
  const status = error.$metadata?.httpStatusCode
  const refusal =
    error.name === 'NoSuchBucket'
      ? new Refusal(503, 'files-missing', 'files.store.missing')
      : status === 401 || status === 403
        ? new Refusal(503, 'files-forbidden', 'files.store.forbidden')
        : status === 507
          ? unfit('full')
          : new Refusal(503, 'files-away', 'files.store.away')
  refusal.cause = error
  return refusal
}
