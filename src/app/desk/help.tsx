import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { keys as everywhere } from '#kernel/desk/index.ts'
import { requestKeys } from '#listen/requests/desk/keys.ts'

const keys = { ...everywhere, ...requestKeys }

/** The keys, as they are, from the same tables that are obeyed. */
export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const commands = [...new Set(Object.values(keys))]
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('desk.help.title')} width={520}>
      <p className="hint">{t('desk.help.explain')}</p>
      <dl className="keys">
        {commands.map((command) => (
          <div key={command}>
            <dt>
              {Object.entries(keys)
                .filter(([, meant]) => meant === command)
                .map(([key]) => (
                  <kbd key={key}>{key === 'ArrowDown' ? '↓' : key === 'ArrowUp' ? '↑' : key}</kbd>
                ))}
            </dt>
            <dd>{t(`desk.key.${command}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl ↵</kbd>
          </dt>
          <dd>{t('desk.key.send')}</dd>
        </div>
      </dl>
    </Modal>
  )
}
