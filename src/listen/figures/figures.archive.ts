import { along, declareArchive, leftOut } from '#kernel/archive/index.ts'

/** How each table goes into an archive. */
export const figuresArchive = declareArchive(
  'listen/figures',
  {
    request_event: along('request', 'request'),
    ...Object.fromEntries(
      ['request_figure', 'request_figure_change', 'judgement_figure'].map((table) => [
        table,
        leftOut('从诉求和评价算出来，导入后重算', 'reckoned from requests and judgements, and anew after an import'),
      ]),
    ),
  },
  { rebuilds: ['public.figures_recount'] },
)
