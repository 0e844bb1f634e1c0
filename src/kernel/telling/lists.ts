// The lists of mail that somebody is on, and the address by which each is left: it stands in every such mail (RFC 8058) and opens nothing else.
import { createHmac } from 'node:crypto'
import { type Encryption, sameText } from '../encryption/index.ts'
import type { PushPurpose } from '../push/push.api.ts'

/** Whose news: of one record by its id, of what concerns a person or of their work by the person's. */
export interface Listed {
  readonly purpose: PushPurpose
  readonly owner: string
}

/** What a mail carries of its list. */
export interface List extends Listed {
  /** Where the choice is made, and by whose address a mail program leaves the list. */
  readonly link: string
  /** RFC 2919. */
  readonly id: string
  /** Whose it is where it is of one record: what they chose for all of theirs counts too. */
  readonly person: string | null
}

const letters: Readonly<Record<PushPurpose, string>> = { record: 'r', own: 'o', work: 'w' }

const markOf = (encryption: Pick<Encryption, 'key'>, text: string): string =>
  createHmac('sha256', encryption.key('telling.list')).update(text).digest('base64url').slice(0, 22)

/** The path of the page where it is chosen how often one is told; made from the installation's secret and stored nowhere. */
export function tellingPath(encryption: Pick<Encryption, 'key'>, { purpose, owner }: Listed): string {
  const text = `${letters[purpose]}${owner.replaceAll('-', '')}`
  return `/news/${text}${markOf(encryption, text)}`
}

/** Whose choice a token is for; null for one that we did not make. */
export function listedBy(encryption: Pick<Encryption, 'key'>, token: string): Listed | null {
  const [, text = '', letter, hex = '', mark = ''] = /^(([row])([0-9a-f]{32}))([\w-]{22})$/.exec(token) ?? []
  const purpose = (Object.keys(letters) as PushPurpose[]).find((each) => letters[each] === letter)
  if (!purpose || !sameText(mark, markOf(encryption, text))) return null
  return { purpose, owner: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
}

/** What a mail of news carries. */
export function listOf(
  kernel: { readonly encryption: Pick<Encryption, 'key'>; readonly config: { readonly publicUrl: string } },
  listed: Listed,
  person: string | null = null,
): List {
  const { publicUrl } = kernel.config
  return {
    ...listed,
    person,
    link: `${publicUrl}${tellingPath(kernel.encryption, listed)}`,
    id: `<${listed.purpose}.news.${new URL(publicUrl).hostname}>`,
  }
}
