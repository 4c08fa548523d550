//go:build integration

package cluster_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

func onPostgres(t *testing.T) *town {
	t.Helper()
	url := sqltest.StartPostgres(t).NewDatabase(t)
	return &town{t: t, open: func() *sqlstore.Store { return sqltest.OpenURL(t, url) }, now: time.Unix(1e9, 0)}
}

func TestPostgresPartsAreEvenAndMove(t *testing.T) {
	t.Parallel()
	partsAreEvenAndMove(onPostgres(t))
}

func TestPostgresPausedHolderCannotWrite(t *testing.T) {
	t.Parallel()
	pausedHolderCannotWrite(onPostgres(t))
}

// Holders write while others take: whatever was written for a token was committed
// before the next token was.
func TestPostgresTakersAndWriters(t *testing.T) {
	t.Parallel()
	w := onPostgres(t)
	stores := []*sqlstore.Store{w.open(), w.open(), w.open()}
	vin := presage.VIN("LPSTEST00TEST0042")
	name := presage.ShardDuty(vin.Shard())
	var mu sync.Mutex
	newest := int64(0) // the greatest token whose taking has returned
	refused := 0
	var group sync.WaitGroup
	for i, s := range stores {
		group.Go(func() {
			for range 40 {
				ds, err := s.Duties(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				var d presage.Duty
				for _, x := range ds {
					if x.Name == name {
						d = x
					}
				}
				if d, err = s.TakeDuty(t.Context(), d, string(rune('a'+i))); errors.Is(err, presage.ErrFenced) {
					continue
				} else if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				newest = max(newest, d.Token)
				mu.Unlock()
				mu.Lock()
				before := newest
				mu.Unlock()
				err = s.On([]presage.Duty{d}).PutPrognoses(t.Context(), []presage.Prognosis{{
					VIN: vin, Component: presage.BrakePadsFront, Status: presage.StatusOK,
				}})
				switch {
				case errors.Is(err, presage.ErrFenced):
					mu.Lock()
					refused++
					mu.Unlock()
				case err != nil:
					t.Error(err)
				case before > d.Token:
					t.Errorf("written by token %d after %d was taken", d.Token, before)
				}
			}
		})
	}
	group.Wait()
	if newest == 0 {
		t.Error("nobody took the shard")
	}
	t.Logf("token %d, %d writes refused", newest, refused)
}
