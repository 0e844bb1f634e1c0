import type { FastifyInstance } from 'fastify'
import { type Act, allow } from '#kernel/access/index.ts'
import { endOfDay } from '#kernel/calendar/index.ts'
import { Refusal, register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import * as api from './bodies.api.ts'
import * as chart from './bodies.chart.ts'
import { helpIn } from './bodies.help.ts'
import { leaveQueue } from './bodies.jobs.ts'
import { notFound } from './bodies.refusals.ts'
import * as store from './bodies.store.ts'
import * as tenures from './bodies.tenures.ts'

/** The chart of an organisation is for those who work in one; residents see who serves them. */
function staff(act: Act): void {
  if (!act.actor.person) throw new Refusal(401, 'sign-in-needed', 'http.sign-in-needed')
  if (act.actor.bodies.length === 0) throw new Refusal(403, 'not-allowed', 'http.not-allowed')
}

async function pathOfBody(act: Act, id: string): Promise<string> {
  return (await chart.showBody(act, id)).path
}

async function pathOfPost(act: Act, id: string): Promise<string> {
  const found = await store.bodyOfPost(act.sql, id)
  if (!found) throw notFound()
  return found.path
}

/** The endpoints of bodies, posts, tenures and invitations. */
export function bodiesRoutes(app: FastifyInstance, kernel: Kernel): void {
  const doors: tenures.InvitingDoors = {
    publicUrl: kernel.config.publicUrl,
    encryption: kernel.encryption,
    outbox: kernel.outbox,
  }

  register(app, kernel, api.listBodies, {
    limit: 'read',
    handler: async (act, { query }) => {
      staff(act)
      return store.listBodies(act.sql, query)
    },
  })
  register(app, kernel, api.getBody, {
    limit: 'read',
    handler: async (act, { params, query }) => {
      staff(act)
      return chart.showBody(act, params.id, query.on ? endOfDay(query.on) : null)
    },
  })
  register(app, kernel, api.foundBody, {
    limit: 'write',
    status: 201,
    handler: async (act, { body }) => {
      const allowed = allow(act, 'body.edit', await chart.pathOfPlace(act, body.place))
      return chart.showBody(act, await chart.foundBody(act, allowed, body))
    },
  })
  register(app, kernel, api.editBody, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      const allowed = allow(act, 'body.edit', await pathOfBody(act, params.id))
      await chart.editBody(act, allowed, params.id, ifMatch ?? 0, body)
      return chart.showBody(act, params.id)
    },
  })
  register(app, kernel, api.dissolveBody, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      const allowed = allow(act, 'body.edit', await pathOfBody(act, params.id))
      await chart.dissolveBody(act, allowed, params.id, ifMatch ?? 0, body.basis)
      return chart.showBody(act, params.id)
    },
  })
  register(app, kernel, api.addPost, {
    limit: 'write',
    status: 201,
    handler: async (act, { params, body }) => {
      const allowed = allow(act, 'body.edit', await pathOfBody(act, params.id))
      return chart.showPost(act, await chart.addPost(act, allowed, params.id, body))
    },
  })
  register(app, kernel, api.editPost, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      const allowed = allow(act, 'body.edit', await pathOfPost(act, params.id))
      await chart.editPost(act, allowed, params.id, ifMatch ?? 0, body)
      return chart.showPost(act, params.id)
    },
  })
  register(app, kernel, api.abolishPost, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, ifMatch }) => {
      const allowed = allow(act, 'body.edit', await pathOfPost(act, params.id))
      await chart.abolishPost(act, allowed, params.id, ifMatch ?? 0)
      return chart.showPost(act, params.id)
    },
  })
  register(app, kernel, api.listInvitations, {
    limit: 'read',
    handler: async (act, { params }) => {
      allow(act, 'post.appoint', await pathOfPost(act, params.id))
      return { invitations: await tenures.openInvitations(act, kernel.encryption, params.id) }
    },
  })
  register(app, kernel, api.invite, {
    limit: 'write',
    status: 201,
    handler: async (act, { params, body }) => {
      const allowed = allow(act, 'post.appoint', await pathOfPost(act, params.id))
      return tenures.inviteToPost(act, doors, allowed, params.id, body)
    },
  })
  register(app, kernel, api.withdrawInvitation, {
    limit: 'write',
    handler: async (act, { params }) => {
      staff(act)
      const allowed = allow(act, 'post.appoint', await pathOfPost(act, await tenures.postOfInvitation(act, params.id)))
      await tenures.withdrawInvitation(act, allowed, params.id)
      return { id: params.id }
    },
  })
  register(app, kernel, api.appoint, {
    limit: 'write',
    status: 201,
    handler: async (act, { params, body }) => {
      const allowed = allow(act, 'post.appoint', await pathOfPost(act, params.id))
      await tenures.appointTo(act, allowed, params.id, body)
      return chart.showPost(act, params.id)
    },
  })
  register(app, kernel, api.endTenure, {
    limit: 'write',
    needsVersion: true,
    handler: async (act, { params, body, ifMatch }) => {
      staff(act)
      const { post, path } = await tenures.tenureAt(act, params.id)
      const allowed = allow(act, 'post.appoint', path)
      const ended = await tenures.endTenure(act, allowed, params.id, ifMatch ?? 0, body)
      if (ended.at) await kernel.jobs.enqueue(act, leaveQueue, { tenure: params.id }, { at: ended.at })
      // Before the commit: should it fail, signing in again is all that it costs.
      else if (ended.signIn) await kernel.sessions.endSessionsOf(ended.signIn)
      const shown = await chart.showPost(act, post)
      return { ...shown, inHand: await chart.inHandOf(act, shown.body) }
    },
  })
  register(app, kernel, api.helpIn, {
    limit: 'write',
    handler: async (act, { params }) => {
      staff(act)
      const allowed = allow(act, 'post.appoint', (await tenures.tenureAt(act, params.id)).path)
      const doors = { ...kernel, jobsDatabase: kernel.jobsDatabase.sql, publicUrl: kernel.config.publicUrl }
      return helpIn(act, doors, allowed, params.id)
    },
  })
  register(app, kernel, api.listHolders, {
    limit: 'read',
    handler: async (act, { query }) => {
      staff(act)
      return { holders: await store.listHolders(act.sql, act.actor.reach['post.appoint'] ?? [], query.search) }
    },
  })
  register(app, kernel, api.listReceivers, {
    limit: 'read',
    handler: async (act, { query }) => {
      staff(act)
      return { receivers: await store.receivers(act.sql, query.path, query.search) }
    },
  })
  register(app, kernel, api.listServing, {
    limit: 'read',
    handler: async (act, { query }) => ({ bodies: await store.whoServes(act.sql, query.path) }),
  })
}
