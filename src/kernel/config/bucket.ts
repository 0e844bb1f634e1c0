// Checks of the settings for files in S3.
import { type Checked, mistake, origin } from './checks.ts'

/** A bucket, and where in it the files lie: empty, or ending in a slash. */
export interface Bucket {
  bucket: string
  prefix: string
}

/** `s3://bucket` or `s3://bucket/where/they/lie`. */
export function bucketAddress(text: string): Checked<Bucket> {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?((?:[\w.-]+\/)*[\w.-]*)$/.exec(text) ?? []
  if (bucket === undefined || path.split('/').some((part) => /^\.+$/.test(part))) {
    return mistake(
      '应写成 s3://桶名/前缀，前缀可不写，只用字母、数字、点、横线和下划线',
      'it is written s3://bucket/prefix; the prefix may be left out and has letters, digits, dots, dashes and underscores alone',
    )
  }
  return { value: { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` } }
}

/** Scheme and host of another maker's S3. In the clear only within this machine: pictures of people's homes go there. */
export function storeEndpoint(text: string): Checked<string> {
  return origin(text, 's3.example', {
    zh: '应以 https:// 开头：照片不可明文传送',
    en: 'it has to begin with https://: pictures must not travel in the clear',
  })
}

export function region(text: string): Checked<string> {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/i.test(text)) return { value: text }
  return mistake('应是区域的代号，如 cn-north-1', 'it has to be the code of a region, such as cn-north-1')
}

/** A name or a key as the store's keeper hands it out. */
export function storeKey(text: string): Checked<string> {
  if (/^[\x21-\x7e]{3,256}$/.test(text)) return { value: text }
  return mistake(
    '应是 3 到 256 个可见的英文字符，不含空格',
    'it has to be 3 to 256 visible ASCII characters without spaces',
  )
}
