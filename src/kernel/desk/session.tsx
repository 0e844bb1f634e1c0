import { createContext, useContext } from 'react'

/** Who is signed in, as far as screens need to know it. */
export interface Session {
  person: { id: string; name: string }
  duties: readonly string[]
  /** Below which paths each duty is theirs. */
  reach: Readonly<Record<string, readonly string[]>>
  posts: readonly { body: string; name: string; bodyName: string; placeName: string; path: string }[]
  queues: Readonly<Record<string, number>>
}

const SessionContext = createContext<Session | null>(null)

export const SessionProvider = SessionContext.Provider

/** The signed-in person. Screens that call this stand behind the sign-in page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('this screen needs someone signed in')
  return session
}
