package tsdb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"presage"
)

const (
	// vehiclesPerExpiry is how many range deletes share a sync.
	vehiclesPerExpiry = 1000
	// deadShare is which part of the tables (1/deadShare) may be expired rows
	// before Expire rewrites them. With 400 days kept that is once in 25 days.
	deadShare = 16
)

// Expired is what a pass of Expire did.
type Expired struct {
	Vehicles  int  // whose rows were removed
	Compacted bool // the tables were rewritten: the disk space is back
}

// Expire removes all rows before a time, by one range delete a vehicle; on
// return that is durable, and Scan sees none of them. Their disk space comes
// back when Pebble gets to it, and at once in a pass that finds a sixteenth of
// the tables dead. Rows that are written later with an older time are stored,
// and go with the next pass.
func (s *Store) Expire(ctx context.Context, before time.Time) (Expired, error) {
	if err := s.enter(); err != nil {
		return Expired{}, err
	}
	defer s.users.Done()
	s.expiring.Lock()
	defer s.expiring.Unlock()
	out, err := s.expire(ctx, firstMillis(before))
	if err != nil {
		if ctx.Err() == nil {
			err = fmt.Errorf("%w: %w", presage.ErrUnavailable, err)
		}
		return out, fmt.Errorf("expire telemetry in %s: %w", s.place.Dir, err)
	}
	return out, nil
}

func (s *Store) expire(ctx context.Context, before int64) (out Expired, err error) {
	all, err := s.db.EstimateDiskUsage([]byte{rowKey}, []byte{rowKey + 1})
	if err != nil {
		return out, err
	}
	dead, err := s.dead()
	if err != nil {
		return out, err
	}
	for from := []byte{rowKey}; from != nil; {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		var n int
		var bytes uint64
		if n, bytes, from, err = s.expireSome(from, before, dead); err != nil {
			return out, err
		}
		out.Vehicles += n
		dead += bytes
	}
	if dead == 0 || dead < all/deadShare {
		return out, nil
	}
	if err := s.db.Compact(ctx, []byte{rowKey}, []byte{rowKey + 1}, false); err != nil {
		return out, err
	}
	out.Compacted = true
	return out, s.db.Delete([]byte{deadKey}, pebble.Sync)
}

// expireSome removes the old rows of some vehicles from a key on, and returns
// how many vehicles had any, their size in tables, and where to go on (nil: the
// end). dead is what was dead before.
func (s *Store) expireSome(
	from []byte, before int64, dead uint64,
) (vehicles int, bytes uint64, next []byte, err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: []byte{rowKey + 1}})
	if err != nil {
		return 0, 0, nil, err
	}
	batch := s.db.NewBatch()
	for ok := it.First(); ok && err == nil; ok = it.SeekGE(next) {
		vin := presage.VIN(it.Key()[1 : 1+vinLength])
		if vehicles == vehiclesPerExpiry {
			next = appendRowKey(nil, vin, math.MinInt64)
			break
		}
		next = append(appendRowKey(nil, vin, math.MaxInt64), 0)
		if rowTime(it.Key()) >= before {
			continue
		}
		upper := appendRowKey(nil, vin, before)
		var size uint64 // to a block, from the first row that no earlier pass has removed
		if size, err = s.db.EstimateDiskUsage(it.Key(), upper); err == nil {
			err = batch.DeleteRange(appendRowKey(nil, vin, math.MinInt64), upper, nil)
		}
		vehicles++
		bytes += size
	}
	if vehicles < vehiclesPerExpiry {
		next = nil
	}
	err = errors.Join(err, it.Error(), it.Close())
	if err == nil && vehicles > 0 {
		err = errors.Join(batch.Set([]byte{deadKey}, binary.BigEndian.AppendUint64(nil, dead+bytes), nil),
			batch.Commit(pebble.Sync))
	}
	return vehicles, bytes, next, errors.Join(err, batch.Close())
}

// dead is about how many bytes of the tables are rows that have expired.
func (s *Store) dead() (uint64, error) {
	value, closer, err := s.db.Get([]byte{deadKey})
	if errors.Is(err, pebble.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var n uint64
	if len(value) == 8 {
		n = binary.BigEndian.Uint64(value)
	}
	return n, closer.Close()
}
