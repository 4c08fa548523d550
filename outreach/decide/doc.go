// Package decide is where outreach decides whom to ask in and when: what the
// models say is due becomes a case (Decider), so does a watch rule that fires
// (Watcher), and an open case becomes an offer with planned messages (Offerer).
package decide
