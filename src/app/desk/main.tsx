import 'virtual:ant-design.css'
import './desk.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import english from 'antd/locale/en_US'
import chinese from 'antd/locale/zh_CN'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { CallError } from '#kernel/desk/index.ts'
import { startLanguage } from './language.ts'
import { theme } from './look/theme.ts'
import { createDeskRouter } from './router.tsx'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (count, error) => error instanceof CallError && error.status >= 500 && count < 2,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
const router = createDeskRouter(queries)

function Desk() {
  const { i18n } = useTranslation()
  return (
    <ConfigProvider
      theme={theme}
      locale={i18n.language === 'en' ? english : chinese}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      <App message={{ duration: 5 }}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}

await startLanguage()
const root = document.getElementById('desk')
if (!root) throw new Error('the page has no place for the desk')
createRoot(root).render(
  <StrictMode>
    <Desk />
  </StrictMode>,
)

// A page that was open while the desk was built anew asks for a part that may be gone: it loads itself again, once in a minute at most,
// and only where the server is there to load it from. What was being typed is kept on the device.
const reloaded = 'linli-desk-reloaded'
addEventListener('vite:preloadError', () => {
  if (Date.now() - Number(sessionStorage.getItem(reloaded) ?? 0) < 60_000) return
  fetch('/healthz', { cache: 'no-store' }).then(
    (answer) => {
      if (!answer.ok) return
      sessionStorage.setItem(reloaded, String(Date.now()))
      location.reload()
    },
    () => {
      // Without network the part is loaded when there is one.
    },
  )
})

// Keeps the application's own files for a phone without network. Development has no worker.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  void navigator.serviceWorker.register('/desk/shell-worker.js', { scope: '/desk/' }).catch(() => {
    // Without it the desk works as before, only not without network.
  })
}
