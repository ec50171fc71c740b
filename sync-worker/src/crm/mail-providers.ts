/**
 * Domains under which anybody gets a mailbox: they say nothing about a company.
 *
 * A deal whose contact writes from one of them would else land on whatever account has an address there. A company that
 * really is called so is still found by its name and postal code. Common knowledge; better one too many than one too few.
 */

/** In every country: hotmail.fr, live.se, yahoo.co.uk, yahoo.com.tw. */
const everywhere = /^(?:aol|gmx|hotmail|live|msn|outlook|protonmail|yahoo|yandex|ymail)\.[a-z]{2,4}(?:\.[a-z]{2})?$/;

const providers = new Set(
  [
    'gmail.com googlemail.com icloud.com me.com mac.com mail.com email.com fastmail.com hey.com pm.me proton.me rocketmail.com',
    'tutanota.com zoho.com',
    // Germany, Austria, Switzerland
    'arcor.de freenet.de mail.de online.de posteo.de t-online.de web.de aon.at bluewin.ch hispeed.ch',
    // France, Belgium, Luxembourg
    'bbox.fr club-internet.fr free.fr laposte.net neuf.fr numericable.fr orange.fr sfr.fr wanadoo.fr proximus.be skynet.be',
    'telenet.be pt.lu',
    // The north
    'bredband.net bredband2.com comhem.se spray.se telia.com online.no jubii.dk mail.dk elisanet.fi kolumbus.fi',
    // Taiwan, China, Hong Kong, Korea
    'hinet.net pchome.com.tw seed.net.tw 126.com 163.com foxmail.com qq.com sina.com sohu.com netvigator.com daum.net',
    'hanmail.net nate.com naver.com',
    // The rest of Europe
    'btinternet.com ntlworld.com sky.com talktalk.net virginmedia.com eircom.net alice.it libero.it tin.it tiscali.it',
    'virgilio.it home.nl kpnmail.nl planet.nl ziggo.nl terra.es telefonica.net sapo.pt interia.pl o2.pl onet.pl wp.pl',
    'centrum.cz seznam.cz bk.ru inbox.ru list.ru mail.ru rambler.ru ukr.net otenet.gr',
    // America, India, Australia
    'att.net bellsouth.net charter.net comcast.net cox.net sbcglobal.net verizon.net bell.net rogers.com shaw.ca',
    'sympatico.ca videotron.ca bol.com.br terra.com.br uol.com.br rediffmail.com bigpond.com optusnet.com.au',
  ].flatMap((line) => line.split(' ')),
);

/** @param domain in lower case, without the sign before it */
export function isMailProvider(domain: string): boolean {
  return providers.has(domain) || everywhere.test(domain);
}
