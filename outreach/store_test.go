package outreach_test

import (
	"sync"
	"testing"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/internal/wording"
	"presage/models"
	"presage/outreach"
)

// data is what the program carries and nobody changes. All tests share it: to read
// it takes longer than most of them.
var data = sync.OnceValues(func() (embedded, error) {
	cat, err := models.LoadCatalogue(nil)
	if err != nil {
		return embedded{}, err
	}
	texts, err := wording.OpenTexts("", cat, outreach.DefaultConfig().Sender)
	return embedded{cat, texts}, err
})

type embedded struct {
	catalogue *presage.Catalogue
	texts     *wording.Texts
}

// sqlStore is the real store: on SQLite, and the scenarios on PostgreSQL too.
type sqlStore struct{ *sqlstore.Store }

var _ outreach.Store = (*sqlstore.Store)(nil)

func openStore(t *testing.T) sqlStore {
	t.Helper()
	return sqlStore{sqltest.Open(t)}
}
