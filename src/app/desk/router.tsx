import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { readFigureSearch } from '#listen/figures/desk/address.ts'
import { readFilter } from '#listen/requests/desk/filter.ts'
import { Missing } from './missing.tsx'
import { Shell } from './shell.tsx'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ notFoundComponent: Missing })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignIn'),
  validateSearch: (search: Record<string, unknown>) => ({ to: typeof search.to === 'string' ? search.to : undefined }),
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/requests', search: {} })
  },
})

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import('#listen/requests/desk/list-page.tsx'), 'ListPage'),
})

const request = createRoute({
  getParentRoute: () => requests,
  path: '$id',
  component: lazyRouteComponent(() => import('#listen/requests/desk/request-page.tsx'), 'RequestPage'),
})

const phone = createRoute({
  getParentRoute: () => shell,
  path: '/new',
  component: lazyRouteComponent(() => import('#listen/requests/desk/phone-page.tsx'), 'PhonePage'),
})

const waiting = createRoute({
  getParentRoute: () => shell,
  path: '/waiting',
  component: lazyRouteComponent(() => import('./waiting.tsx'), 'WaitingPage'),
})

const bodies = createRoute({
  getParentRoute: () => shell,
  path: '/bodies',
  component: lazyRouteComponent(() => import('#organise/bodies/desk/bodies-page.tsx'), 'BodiesPage'),
})

const body = createRoute({
  getParentRoute: () => bodies,
  path: '$id',
  component: lazyRouteComponent(() => import('#organise/bodies/desk/body-page.tsx'), 'BodyPage'),
})

const judgements = createRoute({
  getParentRoute: () => shell,
  path: '/judgements',
  component: lazyRouteComponent(() => import('#listen/judgements/desk/judgements-page.tsx'), 'JudgementsPage'),
})

const register = createRoute({
  getParentRoute: () => shell,
  path: '/register',
  component: lazyRouteComponent(() => import('#listen/register/desk/register-page.tsx'), 'RegisterPage'),
})

const figures = createRoute({
  getParentRoute: () => shell,
  path: '/figures',
  validateSearch: readFigureSearch,
  component: lazyRouteComponent(() => import('#listen/figures/desk/figures-page.tsx'), 'FiguresPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings.tsx'), 'Settings'),
  validateSearch: (search: Record<string, unknown>) => ({
    section: typeof search.section === 'string' ? search.section : undefined,
    place: typeof search.place === 'string' ? search.place : undefined,
  }),
})

const tree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    requests.addChildren([request]),
    phone,
    waiting,
    bodies.addChildren([body]),
    judgements,
    figures,
    register,
    settings,
  ]),
])

export function createDeskRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/desk',
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: false,
    defaultPendingMs: 300,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDeskRouter>
  }
}
