package presage

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
)

// Shards is how many parts the fleet is divided into. It is fixed: the schema holds a duty
// for each, and each vehicle is stored with its own. 64 parts differ by a few
// vehicles in a hundred when three or ten processes share them, and are few enough
// to be read every few seconds.
const Shards = 64

// Shard is the part of the fleet that a vehicle belongs to, 0 to Shards-1: the
// FNV-1a hash of its VIN. Neighbours in a maker's numbering belong to different ones.
func (v VIN) Shard() int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(v)) // a hash takes everything
	return int(h.Sum32() % Shards)
}

// Duty is work that one process does at a time, wherever several share a database:
// a shard of the fleet, or something that is done once for all.
type Duty struct {
	Name  string
	Owner string // the process that has it; "" for nobody
	// Token grows by one each time the duty changes hands. What is written for a duty
	// is refused unless it comes with the present one.
	Token int64
	// Done is the pass of a night that was last brought to its end; zero before the first.
	Done time.Time
}

// The duties that are done once for the whole fleet.
const (
	DutyLearn    = "learn"    // from the fleet
	DutyOutreach = "outreach" // decisions, deadlines, digests
	DutyForecast = "forecast" // the parts plan
)

// shardPrefix begins the names of the duties that are shards.
const shardPrefix = "shard-"

// ShardDuty names the duty of a shard.
func ShardDuty(shard int) string { return fmt.Sprintf("%s%02d", shardPrefix, shard) }

// IsShard tells whether the duty is a shard of the fleet.
func (d Duty) IsShard() bool { return strings.HasPrefix(d.Name, shardPrefix) }

// Process is one of those that share a database.
type Process struct {
	ID    string    `json:"id"`    // another one at each start
	Seat  string    `json:"-"`     // one process at a time has it, such as a data directory; "" for nobody knows
	Place string    `json:"place"` // host and process number, for people
	Roles []string  `json:"roles"` // what it does
	Since time.Time `json:"since"` // when it started, by its own clock
	// Beat grows while the process lives. The others watch whether it does, each by
	// its own clock, so that clocks need not agree.
	Beat int64 `json:"-"`
	// Alone: its telemetry is on its own disk, so that it alone can work on the whole fleet.
	Alone bool `json:"-"`
}
