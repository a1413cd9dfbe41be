//! Words of dates in the cultures of PowerShell sessions: halves of the day, months, days of the week, "no date".

/// The half of the day a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// Midnight to noon.
    First,
    /// Noon to midnight.
    Second,
    /// Around noon: 11 is before it, 1 behind it.
    Noon,
}

/// Halves of the day as .NET prints them, without dots and in lower case.
const FIRST_HALF: &str = "am 上午 凌晨 早上 早晨 清晨 오전 午前 πμ проб преди sa ص صباحا قظ öö pd de dop vorm vm fm ap priešpiet priekšp \
    पूर्वाह्न পূর্বাহ্ন ก่อนเที่ยง дп үө rn yb";
const SECOND_HALF: &str = "pm 下午 晚上 오후 午後 μμ слоб след ch م مساء بظ ös md du odp pop nachm nm em ip popiet pēcp \
    अपराह्न অপরাহ্ন หลังเที่ยง пп үх in yh";

/// Names of the months, each line a month: English, German, French, Spanish, Italian, Portuguese, Dutch; Swedish, Danish and
/// Norwegian; Polish, Russian, Ukrainian and Czech in the case that dates take; Hungarian, Turkish, Finnish.
/// Left out, since it names two: `listopada` is November in Polish and October in Croatian.
const MONTHS: [&str; 12] = [
    "jan january januar jänner janv janvier ene enero gen gennaio janeiro januari \
        styczeń stycznia января січня ledna január ocak tammikuuta",
    "feb february februar feber févr février febrero febbraio fev fevereiro februari \
        luty lutego февраля лютого února február şubat helmikuuta",
    "mar march märz mär mrz mars marzo março maart mrt \
        marts marca marzec марта березня března március mart maaliskuuta",
    "apr april avr avril abr abril aprile \
        kwiecień kwietnia апреля квітня dubna április nisan huhtikuuta",
    "may mai mayo mag maggio maio mei \
        maj maja мая травня května május mayıs toukokuuta",
    "jun june juni juin junio giu giugno junho \
        czerwiec czerwca июня червня června június haziran kesäkuuta",
    "jul july juli juil juillet julio lug luglio julho \
        lipiec lipca июля липня července július temmuz heinäkuuta",
    "aug august août aou ago agosto augustus \
        augusti sierpień sierpnia августа серпня srpna augusztus ağustos elokuuta",
    "sep sept september septembre septiembre set settembre setembro \
        wrzesień września сентября вересня září szeptember eylül syyskuuta",
    "oct october okt oktober octobre octubre ott ottobre out outubro \
        październik października октября жовтня října október ekim lokakuuta",
    "nov november novembre noviembre novembro \
        ноября листопада listopadu kasım marraskuuta",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro \
        grudzień grudnia декабря грудня prosince aralık joulukuuta",
];

/// Days of the week, which say nothing that the date does not.
const WEEKDAYS: &str = "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday \
    mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo \
    lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag \
    segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segunda terça quarta quinta sexta feira \
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag \
    poniedziałek wtorek środa czwartek piątek sobota niedziela \
    понедельник вторник среда четверг пятница суббота воскресенье maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai \
    hétfő kedd szerda csütörtök péntek szombat vasárnap pondělí úterý středa čtvrtek pátek neděle \
    pazartesi salı çarşamba perşembe cuma cumartesi pazar 日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 \
    星期日 星期一 星期二 星期三 星期四 星期五 星期六";

/// What people and programs write where there is no date.
const NOTHING: [&str; 16] =
    ["", "-", "--", "---", "–", "—", ".", "?", "n/a", "na", "null", "$null", "none", "never", "unknown", "not set"];

pub(super) fn half(word: &str) -> Option<Half> {
    if word == "中午" {
        return Some(Half::Noon);
    }
    let among = |words: &str| words.split_whitespace().any(|known| known == word);
    let first = among(FIRST_HALF).then_some(Half::First);
    first.or_else(|| among(SECOND_HALF).then_some(Half::Second))
}

/// The month a word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<i64> {
    let named = MONTHS.iter().position(|names| names.split_whitespace().any(|name| name == word));
    named.map(|index| index as i64 + 1)
}

pub(super) fn is_weekday(word: &str) -> bool {
    WEEKDAYS.split_whitespace().any(|name| name == word)
}

/// Whether a text stands for "no date".
pub(super) fn is_nothing(text: &str) -> bool {
    NOTHING.contains(&text.trim().to_lowercase().as_str())
}

/// The value of a decimal digit of any script that sessions print: Arabic, Persian, Devanagari, Bengali, Thai, full width and more.
pub(in crate::intake) fn digit(c: char) -> Option<u32> {
    const ZEROS: [u32; 10] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0x1040, 0x17e0, 0xff10];
    ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))
}
