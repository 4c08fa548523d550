package sqlstore_test

import (
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

const oldPart = `INSERT INTO parts (number, body) VALUES ('PAD', '{"number":"PAD","pack_size":1}')`

func oldPartsAreTheCatalogues(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	_, version, err := s.ImportedParts(ctx, 7)
	must(t, err)
	same(t, "imports of before", version, int64(0))
	imported := presage.Part{Number: "PAD", PackSize: 4, Cost: presage.Money{Minor: 900, Currency: "EUR"}}
	_, err = s.ImportSupply(ctx, presage.SupplyBatch{By: "li", Now: noon(), Parts: []presage.Part{imported}})
	must(t, err)
	must(t, s.PutParts(ctx, []presage.Part{{Number: "PAD", PackSize: 1}, {Number: "OIL", PackSize: 2}})) // as at each start
	got, version, err := s.ImportedParts(ctx, 0)
	must(t, err)
	same(t, "imported", []any{got, version}, []any{[]presage.Part{imported}, int64(1)})
	_, err = s.ImportSupply(ctx, presage.SupplyBatch{Now: noon(), Parts: []presage.Part{imported}}) // in view of version 0
	wantKind(t, err, presage.ErrConflict)
}
