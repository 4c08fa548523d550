// Package cluster shares the periodic work among the processes over one database.
//
//	beat --> who lives --> my part --> give away what is too much, take what nobody has
//
// Every BeatEvery a process raises the number in its own row of the table processes, and reads
// the rows of the others. One whose number has not moved for DeadAfter, by
// the clock of the process that looks, is dead: clocks need not agree, and one
// that is set forwards or back takes nothing from anybody. The duties (64 shards of the
// fleet, and three that one process has for all) are rows with an owner and a token.
// Living processes with the role "score" have 64 shards divided by their number
// each, the first by ID one more; a duty that nobody living owns is taken by whoever looks
// first, and its token grows.
//
// A process that starts on a data directory holds its lock, so whoever had that Seat before is
// dead: one that is killed and started again does not wait for its own death to be noticed.
//
// A process that was paused and wakes believes that it still has its shards. It
// may judge them; it cannot write: each write names the token, and the
// database compares the two in the same transaction, under the lock of the row that a
// taker has to change. So two may think that they have a shard, and one can write.
//
// What a process works on (Begin) it gives away only after End, so that a change of hands
// that is nobody's death throws no work away. Leave gives everything back at once.
//
// On SQLite none of this runs: one process has the file, and no row is touched.
//
// River (0.31, and 0.45 looked at) was the candidate. It queues jobs, and a lease of a shard
// is no job: a job that stops is rescued an hour after it began by default, by age alone and not by
// a missed heartbeat, so that 30 s would need jobs shorter than that and a queue
// entry a shard a pass; nothing refuses the late write of a worker that was
// rescued; time is the machine's but for a stub that its tests have, ours is virtual; its SQLite driver
// says of itself that it is in early testing. Two tables and four statements do
// what is needed here, in the transactions that need it.
package cluster
