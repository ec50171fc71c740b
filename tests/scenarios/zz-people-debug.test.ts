import { World } from '../world';
test('dbg', async () => {
  const world = await World.start({ settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example', cosell_synccosellopportunitiesonly: 'no' } });
  const r = world.partnerCenter.microsoft.createLead({ name: 'K', customer: { name: 'Grünwald & Cie', address: { addressLine1: 'R 8', city: 'Wien', postalCode: '1010', country: 'AT' }, team: [{ firstName: 'Liesl', lastName: 'Grünwald', phoneNumber: '+43 1 5550 400', email: 'liesl.gruenwald@gruenwald.example' }] } as never, solutions: ['SOL-70421-QLM'], value: 64_000, currency: 'EUR', closingDate: '2027-04-30' });
  await world.sync();
  const lead = String(world.seller.list('lead')[0]?.['leadid']);
  world.seller.qualifyLead(lead);
  for (let i = 0; i < 4; i++) { world.clock.advance(15000); await world.worker.pass(); console.log('pass'); }
  console.log(world.events().map((e) => [e['cosell_name'], e['cosell_oldvalue'], e['cosell_newvalue'], e['cosell_message']].join(' | ')).join('\n'));
  void r;
  await world.stop();
});
