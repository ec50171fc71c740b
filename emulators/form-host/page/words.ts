/**
 * Texts of the application around the form, in the four languages. Order: English, French, Swedish,
 * Traditional Chinese. Texts of our solution are never here; they come out of the zip.
 */
const texts = {
  save: ['Save', 'Enregistrer', 'Spara', '儲存'],
  saveAndClose: ['Save & Close', 'Enregistrer et fermer', 'Spara och stäng', '儲存後關閉'],
  new: ['New', 'Nouveau', 'Nytt', '新增'],
  refresh: ['Refresh', 'Actualiser', 'Uppdatera', '重新整理'],
  closeAsWon: ['Close as Won', 'Fermer comme conclue', 'Stäng som vunnen', '以成交結案'],
  closeAsLost: ['Close as Lost', 'Fermer comme perdue', 'Stäng som förlorad', '以失敗結案'],
  reopen: ['Reopen Opportunity', 'Rouvrir l’opportunité', 'Öppna affärsmöjligheten igen', '重新開啟商機'],
  more: ['More commands', 'Autres commandes', 'Fler kommandon', '更多命令'],
  back: ['Back', 'Retour', 'Tillbaka', '返回'],
  saved: ['Saved', 'Enregistré', 'Sparat', '已儲存'],
  unsaved: ['Unsaved', 'Non enregistré', 'Inte sparat', '未儲存'],
  saving: ['Saving…', 'Enregistrement en cours…', 'Sparar…', '正在儲存…'],
  newRecord: ['New {table}', 'Nouveau : {table}', 'Nytt: {table}', '新{table}'],
  requiredField: [
    '{field}: Required fields must be filled in.',
    '{field} : les champs obligatoires doivent être renseignés.',
    '{field}: Obligatoriska fält måste fyllas i.',
    '{field}：必須填寫必要欄位。',
  ],
  notSavedFields: [
    'The record was not saved. Correct the fields that are marked.',
    'L’enregistrement n’a pas été sauvegardé. Corrigez les champs signalés.',
    'Posten sparades inte. Rätta de markerade fälten.',
    '記錄未儲存。請修正標示的欄位。',
  ],
  readOnlyStatus: [
    'Read-only  This record’s status: {status}',
    'Lecture seule  Statut de cet enregistrement : {status}',
    'Skrivskyddad  Postens status: {status}',
    '唯讀  此記錄的狀態：{status}',
  ],
  ok: ['OK', 'OK', 'OK', '確定'],
  cancel: ['Cancel', 'Annuler', 'Avbryt', '取消'],
  close: ['Close', 'Fermer', 'Stäng', '關閉'],
  errorTitle: ['Something went wrong', 'Une erreur s’est produite', 'Något gick fel', '發生錯誤'],
  confirmTitle: ['Confirm', 'Confirmer', 'Bekräfta', '確認'],
  noticeTitle: ['Message', 'Message', 'Meddelande', '訊息'],
  details: ['Show details', 'Afficher les détails', 'Visa information', '顯示詳細資料'],
  lookupTitle: ['Lookup records', 'Rechercher des enregistrements', 'Slå upp poster', '查閱記錄'],
  lookFor: ['Look for {table}', 'Rechercher : {table}', 'Sök efter {table}', '尋找{table}'],
  select: ['Select', 'Sélectionner', 'Markera', '選取'],
  selectDate: ['Select a date', 'Sélectionner une date', 'Välj ett datum', '選取日期'],
  noMatches: ['No records found.', 'Aucun enregistrement trouvé.', 'Inga poster hittades.', '找不到記錄。'],
  remove: ['Remove {name}', 'Supprimer {name}', 'Ta bort {name}', '移除 {name}'],
  openRecord: ['Open {name}', 'Ouvrir {name}', 'Öppna {name}', '開啟 {name}'],
  rows: ['Rows: {count}', 'Lignes : {count}', 'Rader: {count}', '列：{count}'],
  selected: ['{count} selected', '{count} sélectionné(s)', '{count} markerade', '已選取 {count} 筆'],
  nothingHere: [
    'We didn’t find anything to show here',
    'Nous n’avons rien trouvé à afficher ici',
    'Vi hittade inget att visa här',
    '我們在這裡找不到任何可顯示的內容',
  ],
  notAllowed: [
    'You don’t have permission to see these records.',
    'Vous n’êtes pas autorisé à voir ces enregistrements.',
    'Du har inte behörighet att se de här posterna.',
    '您沒有檢視這些記錄的權限。',
  ],
  blank: ['(blank)', '(vide)', '(tomt)', '(空白)'],
  refreshAll: ['Refresh All', 'Tout actualiser', 'Uppdatera alla', '全部重新整理'],
  seeAll: ['See all records', 'Voir tous les enregistrements', 'Visa alla poster', '查看所有記錄'],
  filter: ['Filter by keyword', 'Filtrer par mot-clé', 'Filtrera efter nyckelord', '依關鍵字篩選'],
  selectAll: ['Select all rows', 'Sélectionner toutes les lignes', 'Markera alla rader', '選取所有資料列'],
  selectRow: ['Select {name}', 'Sélectionner {name}', 'Markera {name}', '選取 {name}'],
  apps: ['Apps', 'Applications', 'Appar', '應用程式'],
  navigation: ['Site map', 'Plan du site', 'Webbplatskarta', '網站導覽'],
  notifications: ['Notifications', 'Notifications', 'Aviseringar', '通知'],
  noNotifications: ['No new notifications', 'Aucune nouvelle notification', 'Inga nya aviseringar', '沒有新通知'],
  notModelled: [
    'The form host does not show this page.',
    'L’hôte de formulaire n’affiche pas cette page.',
    'Formulärvärden visar inte den här sidan.',
    '表單主機不顯示此頁面。',
  ],
  loading: ['Loading…', 'Chargement…', 'Laddar…', '載入中…'],
  controlFailed: [
    'Error loading control',
    'Erreur lors du chargement du contrôle',
    'Det gick inte att läsa in kontrollen',
    '載入控制項時發生錯誤',
  ],
  reload: ['Try again', 'Réessayer', 'Försök igen', '再試一次'],
  outcomeWon: ['Won', 'Conclue', 'Vunnen', '成交'],
  outcomeLost: ['Lost', 'Perdue', 'Förlorad', '失敗'],
  closeTitle: ['Close Opportunity', 'Fermer l’opportunité', 'Stäng affärsmöjlighet', '結束商機'],
  closeText: [
    'Provide the following information about why this opportunity is being closed.',
    'Indiquez pourquoi cette opportunité est fermée.',
    'Ange varför affärsmöjligheten stängs.',
    '請提供結束此商機的相關資訊。',
  ],
  statusReason: ['Status Reason', 'Raison du statut', 'Statusorsak', '狀態原因'],
  actualRevenue: ['Actual Revenue', 'Chiffre d’affaires réel', 'Faktisk intäkt', '實際收益'],
  closeDate: ['Close Date', 'Date de clôture', 'Slutdatum', '結束日期'],
  leaveTitle: ['Discard changes?', 'Abandonner les modifications ?', 'Ignorera ändringarna?', '捨棄變更？'],
  leaveText: [
    'Your changes have not been saved.',
    'Vos modifications n’ont pas été enregistrées.',
    'Ändringarna har inte sparats.',
    '尚未儲存您的變更。',
  ],
  discard: ['Discard changes', 'Abandonner les modifications', 'Ignorera ändringar', '捨棄變更'],
  invalidNumber: ['Enter a valid number.', 'Entrez un nombre valide.', 'Ange ett giltigt tal.', '請輸入有效的數字。'],
  invalidDate: [
    'Enter a date such as {example}.',
    'Entrez une date, par exemple {example}.',
    'Ange ett datum, till exempel {example}.',
    '請輸入日期，例如 {example}。',
  ],
  previousMonth: ['Previous month', 'Mois précédent', 'Föregående månad', '上個月'],
  nextMonth: ['Next month', 'Mois suivant', 'Nästa månad', '下個月'],
  belowMinimum: [
    'Enter a number between {min} and {max}.',
    'Entrez un nombre compris entre {min} et {max}.',
    'Ange ett tal mellan {min} och {max}.',
    '請輸入介於 {min} 與 {max} 之間的數字。',
  ],
  invalidUrl: [
    'Enter a valid web address.',
    'Entrez une adresse web valide.',
    'Ange en giltig webbadress.',
    '請輸入有效的網址。',
  ],
  view: ['View', 'Vue', 'Vy', '檢視'],
  timeOf: ['Time: {field}', 'Heure : {field}', 'Tid: {field}', '時間：{field}'],
} as const satisfies Record<string, readonly [string, string, string, string]>;

export type WordKey = keyof typeof texts;
export type Words = (key: WordKey, params?: Readonly<Record<string, string>>) => string;

const order: Readonly<Record<number, number>> = { 1033: 0, 1036: 1, 1053: 2, 1028: 3 };

/** Languages without texts of their own (Arabic, for right-to-left) show English. */
export function wordsIn(lang: number): Words {
  const index = order[lang] ?? 0;
  return (key, params = {}) => {
    const text: string = texts[key][index] ?? texts[key][0];
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
  };
}
