// Bodies and posts as open data in Popolo (popoloproject.com/specs), the format in which civic programs exchange them.
import type { OpenDocument } from '#kernel/opendata/index.ts'
import { spokenName } from '#organise/places/index.ts'
import { type OpenBody, type OpenPost, openBodies, openPosts } from './popolo.store.ts'

/** Posts are those that residents see, with whoever holds them today; a person is known by the post alone, and by no number of theirs. */
export const openOrganisations: OpenDocument = {
  name: 'bodies',
  mediaType: 'application/json',
  read: async (act, { path, address }) => {
    const bodies = await openBodies(act.sql, path)
    return popolo(
      bodies,
      await openPosts(
        act.sql,
        bodies.map(({ id }) => id),
      ),
      address,
    )
  },
}

/** Whoever holds a post is known by that alone: the same person in another post is another here. */
const personOf = (tenure: string): string => `${tenure}-holder`

/** The classes of Popolo: organizations, posts, persons, memberships, areas. What is not known is left out. */
export function popolo(bodies: readonly OpenBody[], posts: readonly OpenPost[], address: string) {
  const held = posts.filter((post): post is OpenPost & { tenure: string; holder: string } =>
    Boolean(post.tenure && post.holder),
  )
  const areas = new Map(bodies.map((body) => [body.area, body]))
  return {
    organizations: bodies.map((body) => ({
      id: body.id,
      name: body.name,
      ...(body.name_en ? { other_names: [{ name: body.name_en, note: 'en' }] } : {}),
      classification: body.kind,
      area_id: body.area,
      contact_details: [
        ...(body.telephone ? [{ type: 'voice', value: body.telephone }] : []),
        ...(body.address ? [{ type: 'address', value: body.address }] : []),
        ...(body.hours ? [{ type: 'hours', value: body.hours }] : []),
      ],
      sources: [{ url: `${address}/places/${body.area_code ?? body.area}` }],
    })),
    // A post of several seats stands once for each of its holders in what the database tells.
    posts: [...new Map(posts.map((post) => [post.id, post])).values()].map((post) => ({
      id: post.id,
      label: post.title,
      ...(post.title_en ? { other_label: [{ name: post.title_en, note: 'en' }] } : {}),
      organization_id: post.body,
    })),
    persons: held.map((post) => ({ id: personOf(post.tenure), name: post.holder })),
    memberships: held.map((post) => ({
      id: post.tenure,
      person_id: personOf(post.tenure),
      organization_id: post.body,
      post_id: post.id,
      ...(post.since ? { start_date: post.since.slice(0, 10) } : {}),
    })),
    areas: [...areas.values()].map((body) => ({
      id: body.area,
      name: spokenName(body.area_name, body.area_kind),
      classification: body.area_kind,
      ...(body.area_code ? { identifier: body.area_code } : {}),
    })),
  }
}
