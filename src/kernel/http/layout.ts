import type { FastifyRequest } from 'fastify'
import type { Content } from '../pages/index.ts'
import type { Reader } from './problem.ts'

/** What a room's page hands to the public layout; header, footer, language and type size are the layout's. */
export interface PageContent {
  readonly title: string
  readonly main: Content
  /** Whose page it is: the place in the header. */
  readonly place?: { readonly name: string; readonly above?: string; readonly href: string } | null
  /**
   * The form that the reader is filling in, by its id: the switches of language, type and contrast are pressed within it, as a field
   * `display` such as `language:en`, so that nothing typed is lost. `enter` is the button that Enter stands for, since the header's
   * buttons would come before the form's own.
   */
  readonly within?: { readonly form: string; readonly enter: { readonly name: string; readonly value: string } }
  /** A line at the very end: what else can be done. */
  readonly remedy?: Content
  /** The same for programs: feeds that a reader finds by itself. Addresses within the installation. */
  readonly alternates?: readonly { readonly type: string; readonly title: string; readonly href: string }[]
  /** The address at which a page that answers a POST can be asked for again; its own where a page stands there. */
  readonly at?: string
}

export type LayOut = (
  content: PageContent,
  to: { readonly reader: Reader; readonly request: FastifyRequest; readonly signedIn: boolean },
) => Promise<string>
