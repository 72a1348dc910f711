/**
 * The language of a prompt, told by its script, and for Latin and Cyrillic letters by its commonest words. It knows
 * about thirty languages; short, mixed or unknown text has none rather than a wrong one.
 */

/** Characters looked at. */
const MAX_SAMPLE = 4000;
/** Letters, and share of the letters, that a script must have. */
const MIN_LETTERS = 8;
const MIN_SHARE = 0.5;
/** Common words that must be found, their share of all words, and the lead over the next language. */
const MIN_HITS = 2;
const MIN_HIT_SHARE = 0.08;
const LEAD = 1.25;

/** Primary tag of BCP 47, `undefined` where unsure. */
export function languageOf(text: string): string | undefined {
  const sample = text.slice(0, MAX_SAMPLE).normalize('NFC').toLowerCase();
  const total = sample.match(/\p{L}/gu)?.length ?? 0;
  if (total === 0) return undefined;
  for (const { script, tag, min } of SCRIPTS) {
    const letters = sample.match(script)?.length ?? 0;
    if (letters >= (min ?? MIN_LETTERS) && letters >= total * MIN_SHARE) return tag ?? byWords(sample);
  }
  return undefined;
}

interface Script {
  script: RegExp;
  /** Absent where several languages write it. */
  tag?: string;
  /** Letters; less than the usual where one letter is a word. */
  min?: number;
}

/** Japanese before Chinese: it mixes kana with Han, and a text with enough kana is Japanese. */
const SCRIPTS: readonly Script[] = [
  { script: /\p{Script=Latin}/gu },
  { script: /\p{Script=Cyrillic}/gu },
  {
    script:
      /[\p{Script=Hiragana}\p{Script=Katakana}]|(?<=[\p{Script=Hiragana}\p{Script=Katakana}][^\n]{0,12})\p{Script=Han}/gu,
    tag: 'ja',
    min: 4,
  },
  { script: /\p{Script=Han}/gu, tag: 'zh', min: 4 },
  { script: /\p{Script=Hangul}/gu, tag: 'ko', min: 4 },
  { script: /\p{Script=Arabic}/gu, tag: 'ar' },
  { script: /\p{Script=Hebrew}/gu, tag: 'he' },
  { script: /\p{Script=Greek}/gu, tag: 'el' },
  { script: /\p{Script=Devanagari}/gu, tag: 'hi' },
  { script: /\p{Script=Bengali}/gu, tag: 'bn' },
  { script: /\p{Script=Tamil}/gu, tag: 'ta' },
  { script: /\p{Script=Telugu}/gu, tag: 'te' },
  { script: /\p{Script=Thai}/gu, tag: 'th' },
  { script: /\p{Script=Georgian}/gu, tag: 'ka' },
  { script: /\p{Script=Armenian}/gu, tag: 'hy' },
];

const COMMON: Record<string, string> = {
  en: 'the of and to in is that it for you with this are as be on not what how have from write please which would your do i an by or can',
  es: 'el la de que y en un una los las por con para es del se no como más qué cómo su lo al sobre escribe este esta',
  fr: 'le la les de des et en un une du que est pour dans qui sur avec pas ce vous il au par plus je comment cette écris',
  de: 'der die das und ist in den von zu mit ein eine nicht auf für im dem sich wie auch es an als ich sie bitte schreibe oder wird',
  pt: 'o a os as de que e em um uma do da para com não por se no na é mais como dos das ao você escreva este isso',
  it: 'il lo la i gli le di che e un una in per con non del della è sono come si da nel al più questo scrivi',
  nl: 'de het een van en in is dat op te met voor niet zijn aan er ook als bij om naar wat hoe deze schrijf of ik je',
  pl: 'i w na z się nie do że to jest o jak po od co za przez dla tego oraz są czy jego napisz ten który',
  sv: 'och att det i en som är på för av med till den har inte om ett hur jag kan skriv från vad eller de',
  tr: 've bir bu için ile da de ne çok olarak daha gibi olan mı nasıl kadar sonra yaz en var değil her ama',
  id: 'yang dan di untuk dengan ini dari pada adalah itu dalam tidak ke akan atau bagaimana apa saya anda oleh bisa tulis sebuah',
  vi: 'và của là có không cho một các được trong để với này những người tôi bạn như về đã hãy viết thế nào',
  cs: 'a je se na v to že s z do jak pro o by jsem ale co po který jako není nebo podle tento prosím',
  ro: 'și în de la cu pe nu este un o că care din pentru mai sau cum să ce se sunt prin acest scrie',
  fi: 'ja on ei se että oli hän mutta kuin tai joka myös mitä miten kun voi ovat niin sen tämä kirjoita',
  hu: 'a az és hogy nem is egy van meg ez de csak mint vagy ha már még ki mi hogyan írj kell volt azt',
  ru: 'и в не на что с по как это для из к от о или так же вы мы он бы при чтобы который напиши если но',
  uk: 'і в не на що з та як це для до від або про за у ви ми він але який напиши якщо щоб є',
  bg: 'и в на е да не се за от с по как това че или са към при който тази този ще но като',
};

/** Which languages use a word. */
const LANGUAGES_OF = new Map<string, string[]>();
for (const [tag, list] of Object.entries(COMMON)) {
  for (const word of list.split(' ')) LANGUAGES_OF.set(word, [...(LANGUAGES_OF.get(word) ?? []), tag]);
}

function byWords(sample: string): string | undefined {
  const words = sample.match(/[\p{L}\p{M}]+/gu) ?? [];
  const hits = new Map<string, number>();
  for (const word of words) for (const tag of LANGUAGES_OF.get(word) ?? []) hits.set(tag, (hits.get(tag) ?? 0) + 1);
  const [first, second] = [...hits].sort((a, b) => b[1] - a[1]);
  if (!first || first[1] < Math.max(MIN_HITS, words.length * MIN_HIT_SHARE)) return undefined;
  return first[1] >= (second?.[1] ?? 0) * LEAD ? first[0] : undefined;
}
