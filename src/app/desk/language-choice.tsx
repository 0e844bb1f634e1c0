import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { changeLanguage } from './language.ts'

export function LanguageChoice() {
  const { i18n } = useTranslation()
  const other = i18n.language === 'en' ? 'zh-CN' : 'en'
  return (
    <Button type="text" size="small" lang={other} onClick={() => void changeLanguage(other)} className="language">
      {other === 'en' ? 'English' : '中文'}
    </Button>
  )
}
