// Package dispatch chooses the technician and the bay of a visit. It is pure: the
// same question gives the same order, with what counted as data.
//
// Who lacks a skill or a certificate, or is not free, does not come into it. The
// others are put in order by what is against each, in minutes of work:
//
//	level   too hard a job             240 for each level that is missing
//	load    ahead of an even week      the minutes by which the week's work, this visit included, is more than
//	                                   even, and an eighth of those of the four weeks that end with it
//	fixes   not mended at once         twice the visit's minutes times the chance of a second visit
//	spare   too able for it            5 for each level above the job's
//
// Even is by everybody's hours of work, so that who works half-time has half of it.
// The chance of mending at the first visit is (fixed + 9)/(done + 10) of the
// technician's own results for the visit's jobs: nine of ten until there are some.
// Where that leaves two within five minutes, who knows the car goes first, then the
// order of the IDs.
//
// Of the bays the plainest goes first: one that has more than the visit needs is kept.
package dispatch
