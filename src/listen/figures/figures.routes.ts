// The figures of places over JSON and as a table for a spreadsheet.
import type { FastifyInstance } from 'fastify'
import { register } from '#kernel/http/index.ts'
import type { Kernel } from '#kernel/kernel.ts'
import { readFigures } from './figures.api.ts'
import { csvOfFigures } from './figures.csv.ts'
import { figuresOf } from './figures.reading.ts'

export function figuresRoutes(app: FastifyInstance, kernel: Kernel): void {
  register(app, kernel, readFigures, {
    limit: 'read',
    handler: async (act, { query, request, reply }) => {
      const figures = await figuresOf(act, query)
      if (request.headers.accept?.startsWith('text/csv'))
        await reply
          .type('text/csv; charset=utf-8')
          .header('Cache-Control', 'no-store')
          .send(csvOfFigures(figures, act.language))
      return figures
    },
  })
}
