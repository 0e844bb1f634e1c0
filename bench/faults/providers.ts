// Providers of messages that hang, fail, answer rubbish, or send letters back.
import { setTimeout as sleep } from 'node:timers/promises'
import { openGateway, openMailServer } from '#testing/providers.ts'
import type { Fault } from './fault.ts'
import { ask, secretaryOf } from './people.ts'
import { drop, freshData, serve, until, withSuperuser } from './site.ts'

/** An SMS gateway and a mail server, and what a server is given to use them. @param unknown an address that the mail server refuses */
export async function openProviders(unknown?: (address: string) => boolean) {
  const gateway = await openGateway()
  const mail = await openMailServer(unknown)
  return {
    gateway,
    mail,
    environment: {
      LINLI_SMS_URL: gateway.url,
      LINLI_SMTP_URL: mail.url,
      LINLI_MAIL_FROM: 'Linli <linli@example.org>',
    },
    async close(): Promise<void> {
      await gateway.close()
      await mail.close()
    },
  }
}

export const providers: Fault = {
  name: 'providers',
  what: 'the SMS gateway hangs, fails and answers rubbish; the mail server says 550; the server is killed with a message on its way',
  async happen(stage) {
    const data = freshData('providers')
    const { gateway, mail, environment, close } = await openProviders((address) => address.startsWith('nobody'))
    let program = await serve(stage, { data, environment })
    const { cookie, place } = await secretaryOf(program.address, data)
    let people = 0
    /** A matter that the secretary takes down for somebody, who is then sent a link. */
    const tell = async (by: { phone?: string; mail?: string }): Promise<string> => {
      people += 1
      const answer = await ask(program.address, '/api/requests', {
        cookie,
        body: {
          channel: 'phone',
          place,
          text: `第 ${people} 件：路灯不亮`,
          anonymous: false,
          name: '示例·来电',
          ...by,
        },
      })
      if (answer.status !== 201) throw new Error(answer.text)
      return String(answer.body.id)
    }
    const phone = () => ({ phone: `199000${String(10_000 + people)}` })
    const unsent = async (id: string) => {
      const view = await ask(program.address, `/api/requests/${id}`, { cookie })
      return (view.body.reporter as { unsent?: { givenUp: boolean } | null } | undefined)?.unsent ?? null
    }
    /** Cuts short the waiting between two attempts. */
    const now = () =>
      withSuperuser(data, (client) =>
        client.query("update outbox set next_attempt_at = now(), claimed_until = null where state = 'waiting'"),
      )
    const waits = () =>
      withSuperuser(data, async (client) => {
        const { rows } = await client.query<{ attempts: number; seconds: number }>(
          "select attempts, extract(epoch from next_attempt_at - now())::float8 as seconds from outbox where state = 'waiting' and channel = 'sms' and reason is not null",
        )
        return rows
      })

    // What the demonstration had not sent yet goes first, so that what hangs is what is looked at.
    const waiting = () =>
      withSuperuser(data, async (client) => {
        const { rows } = await client.query("select from outbox where state = 'waiting' and next_attempt_at <= now()")
        return rows.length
      })
    await until(async () => (await waiting()) === 0, 60, 300)
    const old = gateway.taken.length
    const settled = () => until(async () => (await waits()).length === 0 && gateway.taken.length > old, 60, 300)
    gateway.mood = 'hangs'
    const first: string[] = []
    for (let turn = 0; turn < 24; turn += 1) first.push(await tell(phone()))
    const letters = [await tell({ mail: 'one@example.org' }), await tell({ mail: 'two@example.org' })]
    const began = performance.now()
    const arrived = await until(() => Promise.resolve(mail.letters.length >= letters.length), 20)
    stage.hold(
      'mail arrives while the gateway hangs, after seconds',
      arrived !== null,
      ((performance.now() - began) / 1_000).toFixed(1),
    )
    const shown = await until(async () => (await unsent(first[0] ?? ''))?.givenUp === false, 40, 500)
    stage.hold('staff read on the matter that the message has not been sent yet', shown !== null)
    stage.saw(
      'on the matter: “The message to whoever told this has not been sent yet; it is tried again. If it is urgent, call.”',
    )

    gateway.mood = 'fails'
    await sleep(45_000)
    await now()
    await until(async () => (await waits()).every(({ attempts, seconds }) => attempts >= 2 && seconds > 5), 40, 300)
    const later = await waits()
    const waited = Math.round(Math.max(0, ...later.map(({ seconds }) => seconds)))
    stage.hold(
      'each next attempt waits four times as long as the last; the longest now, in seconds',
      later.length > 0 && later.every(({ attempts, seconds }) => seconds <= 33 * 4 ** (attempts - 1)) && waited > 35,
      waited,
    )

    gateway.mood = 'rubbish'
    await now()
    await settled()
    stage.hold('an answer of 200 with rubbish is taken for sent', (await waits()).length === 0)
    const times = Map.groupBy(gateway.taken.slice(old), ({ id }) => id)
    stage.hold(
      'taken on more than once',
      [...times.values()].every(({ length }) => length === 1),
      [...times.values()].filter(({ length }) => length > 1).length,
    )
    stage.hold('each of the messages came through', first.length <= times.size, `${times.size}`)
    stage.hold('staff read no more of it', (await unsent(first[0] ?? '')) === null)

    const bounced = await tell({ mail: 'nobody@example.org' })
    const after = await tell({ mail: 'three@example.org' })
    const said = await until(async () => (await unsent(bounced))?.givenUp === true, 30, 300)
    stage.hold('550: staff read that the letter was not sent and is tried no more', said !== null)
    stage.saw(
      'on the matter: “The message to whoever told this could not be sent and is tried no more: please call or go and tell them.”',
    )
    stage.hold(
      'others’ letters went out',
      (await until(() => Promise.resolve(mail.letters.some(({ to }) => to === 'three@example.org')), 20)) !== null &&
        (await unsent(after)) === null,
    )

    gateway.mood = 'hangs'
    const before = gateway.attempts.length
    await tell(phone())
    await until(() => Promise.resolve(gateway.attempts.length > before), 20)
    const id = gateway.attempts.at(-1)?.id ?? ''
    await program.end('SIGKILL')
    gateway.mood = 'well'
    program = await serve(stage, { data, environment })
    stage.again(program.seconds)
    await now()
    const came = await until(() => Promise.resolve(gateway.taken.some((each) => each.id === id)), 30)
    stage.hold('killed with a message on its way: sent after the next start, under the same id', came !== null)
    stage.hold('and taken on once', gateway.taken.filter((each) => each.id === id).length === 1)
    stage.limited(
      'a letter that a mail server takes on and sends back later (a bounce) is read where Linli takes mail in (LINLI_MAILBOX), and staff are told on the matter; without that it comes to the sender’s mailbox, which Linli does not read',
    )
    await program.end()
    await close()
    drop(data)
  },
}
