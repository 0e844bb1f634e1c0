// What the tests use of a library that brings no declarations.
declare module '@20minutes/s3rver' {
  import type { Server } from 'node:http'
  import type { AddressInfo } from 'node:net'

  export interface Listing {
    delimiter?: string
    prefix?: string
  }
  export interface Listed {
    objects: { key: string }[]
    commonPrefixes: string[]
    isTruncated: boolean
  }
  export default class S3rver {
    constructor(options: {
      address: string
      port: number
      silent: boolean
      directory: string
      allowMismatchedSignatures: boolean
      configureBuckets: { name: string }[]
    })
    httpServer: Server
    store: {
      listObjects(bucket: string, options: Listing): Promise<Listed>
    }
    run(): Promise<AddressInfo>
    close(): Promise<void>
  }
}
