// Command chaos-outreach lets two presage processes on one database sell slots,
// move and cancel visits and send messages, kills them at random, and then counts
// in the database what must not be.
//
//	bookers, customers --HTTP--> presage 1 --+--> PostgreSQL or one SQLite file
//	      (links and API)  \---> presage 2 --+--> provider (a small Twilio)
//
// A combination is a database. In each of them:
//
//   - The race: many bookers want few slots, and each lacks a part. As many are
//     sold as there are, and what is ordered is what was sold, in whole packs.
//   - The storm: customers book, move and cancel at random, some in two tabs at
//     once, while a process is killed now and then. After each step a customer has
//     the visit that the answers promise: the new one or the old one. A page that
//     shows another visit than there is moves and cancels nothing. No more pieces
//     are ordered than all of them at once would lack.
//   - The coupons: both processes make offers at once under a rule that has a coupon a
//     month for half of them, while they are killed; then four counters redeem each code
//     at once, while they are killed. As many are issued as the rule has, each is told to
//     the customer of its case alone, and redeemed once.
//   - The sending: messages become due over all channels, and cases of which a
//     person is to be told by a call, while processes are killed with -9. Providers
//     answer slowly, so that many kills come between acceptance and our record of
//     it; of the requests 6 % are answered 429 with Retry-After and 4 % 503, and of
//     those accepted 5 in a hundred get no answer. A mail server says 451 or 421. Who
//     can be asked or takes an idempotency key has accepted each message exactly
//     once; FCM has at least once and shows it once, and so does a mailbox that
//     knows the one Message-ID. Nothing is tried before Retry-After is over.
//   - The rush: messages become due all at once, to a provider that takes 200 ms
//     for each. One process sends them 16 at a time, each customer's in their order.
//
// After the race and the storm every quarter of an hour that a bay or technician
// is sold for belongs to one live visit, and the pieces reserved are those that
// live visits were promised. The seed determines what is tried, not who wins.
package main
