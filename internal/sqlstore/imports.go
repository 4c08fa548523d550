package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// errDryRun ends the transaction of a dry run.
var errDryRun = errors.New("dry run")

// mostChanges is how many changes a report lists.
const mostChanges = 1000

// Import stores what a dealer's system says, in one transaction: all or nothing. A
// record that is known as it is changes nothing, one that is older than what is
// known neither. A dry run does the same work, and takes it back.
//
// A booking of the dealer's takes its bay and technician from visits that were sold
// here, which keep the rest of what they hold until the keeper plans them anew:
// customers of the dealer stand at the counter, whoever else was promised the bay.
// What two bookings of dealers want at once is a fault.
//
// ErrInvalid names all faults by their places. ErrConflict: what the batch was made
// in view of has changed; make it again.
func (s *Store) Import(ctx context.Context, b presage.ImportBatch) (presage.ImportReport, error) {
	x := &intake{batch: b}
	err := s.inTx(ctx, "import from "+b.Source, func(tx *sql.Tx) error {
		*x = intake{ctx: ctx, tx: tx, batch: b, report: presage.ImportReport{
			Source: b.Source, DryRun: b.DryRun, Changes: []presage.ImportChange{}, Conflicts: []presage.ImportConflict{},
		}}
		for _, step := range []func() error{
			x.workshops, x.customers, x.vehicles, x.closures, x.bookings, x.workOrders, x.partUse,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		if len(x.faults) > 0 {
			return errors.Join(x.faults...)
		}
		if b.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return x.report, err
}

// intake is one import at work.
//
//nolint:containedctx // it lives no longer than the call that made it
type intake struct {
	ctx    context.Context
	tx     *sql.Tx
	batch  presage.ImportBatch
	report presage.ImportReport
	faults []error
}

func (x *intake) bad(r presage.ImportRow, text string, args ...any) {
	x.faults = append(x.faults, fmt.Errorf("%s: %w: "+text, append([]any{r.Place, presage.ErrInvalid}, args...)...))
}

// known is what is known of a dealer's record.
type known struct {
	id, digest, body string
	revision         int64
	there            bool
}

func (x *intake) look(kind, externalID string) (known, error) {
	k := known{there: true}
	err := x.tx.QueryRowContext(x.ctx, `SELECT id, digest, body, revision FROM external_ids
		WHERE source = $1 AND kind = $2 AND external_id = $3`, x.batch.Source, kind, externalID).
		Scan(&k.id, &k.digest, &k.body, &k.revision)
	if errors.Is(err, sql.ErrNoRows) {
		return known{}, nil
	}
	return k, err
}

// news tells whether a row says something new.
func (x *intake) news(r presage.ImportRow) (k known, fresh bool, err error) {
	if k, err = x.look(r.Kind, r.ExternalID); err != nil || !k.there || k.digest == "" {
		return k, err == nil, err
	}
	switch {
	case r.Revision < k.revision:
		x.report.Stale++
		x.list(r, k.id, "stale")
	case r.Digest == k.digest:
		x.report.Unchanged++
		if r.Revision > k.revision {
			_, err = x.tx.ExecContext(x.ctx, `UPDATE external_ids SET revision = $4
				WHERE source = $1 AND kind = $2 AND external_id = $3`, x.batch.Source, r.Kind, r.ExternalID, r.Revision)
		}
	default:
		return k, true, nil
	}
	return k, false, err
}

// keep notes a row as done: under our ID, with what has to be taken back later.
func (x *intake) keep(r presage.ImportRow, k known, id, body string) error {
	if k.there {
		x.report.Updated++
		x.list(r, id, "updated")
	} else {
		x.report.Created++
		x.list(r, id, "created")
	}
	_, err := x.tx.ExecContext(x.ctx, `INSERT INTO external_ids
		(source, kind, external_id, id, revision, digest, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (source, kind, external_id) DO UPDATE SET id = excluded.id, revision = excluded.revision,
			digest = excluded.digest, body = excluded.body, updated_at = excluded.updated_at`,
		x.batch.Source, r.Kind, r.ExternalID, id, r.Revision, r.Digest, body, micros(x.batch.Now))
	return err
}

func (x *intake) list(r presage.ImportRow, id, done string) {
	if len(x.report.Changes) < mostChanges {
		x.report.Changes = append(x.report.Changes, presage.ImportChange{
			Kind: r.Kind, ExternalID: r.ExternalID, ID: id, Done: done,
		})
	}
}

// ours is our ID of what a row refers to by the dealer's, or by ours; a fault when
// neither is known.
func (x *intake) ours(r presage.ImportRow, kind, ref string) (string, error) {
	k, err := x.look(kind, ref)
	if err != nil || k.there {
		return k.id, err
	}
	table := map[string]string{
		presage.KindWorkshop: "workshops WHERE id", presage.KindCustomer: "customers WHERE id",
		presage.KindVehicle: "vehicles WHERE vin",
	}[kind]
	var n int
	err = x.tx.QueryRowContext(x.ctx, `SELECT COUNT(*) FROM `+table+` = $1`, ref).Scan(&n)
	if err == nil && n == 0 {
		x.bad(r, "no %s %.64q is known: import it before or in the same file", kind, ref)
	}
	return ref, err
}

func (x *intake) customers() error {
	var put []presage.Customer
	for _, c := range x.batch.Customers {
		k, fresh, err := x.news(c.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		id := c.ID
		if k.there {
			id = k.id
		}
		is, err := one(x.ctx, x.tx, scanCustomer, customerSelect+` WHERE id = $1`, id)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			is = presage.Customer{ID: id, Tier: "standard"}
		case err != nil:
			return err
		case !c.Consent:
			is.Consent = presage.Consent{ChangedAt: time.UnixMicro(-1)} // older than any: what is known stands
		}
		c.Apply(&is)
		if is.Name == "" || is.Lang == "" {
			x.bad(c.ImportRow, "a new customer needs a name and a lang")
			continue
		}
		put = append(put, is)
		if err := x.keep(c.ImportRow, k, id, ""); err != nil {
			return err
		}
	}
	if err := each(x.ctx, x.tx, customerUpsert, put, customerArgs); err != nil {
		return err
	}
	return errors.Join(findStops(x.ctx, x.tx, put), imported(x.ctx, x.tx, put))
}

func (x *intake) vehicles() error {
	for _, v := range x.batch.Vehicles {
		k, fresh, err := x.news(v.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if k.there && k.id != string(v.VIN) {
			x.bad(v.ImportRow, "this id is of another VIN: a car keeps its VIN")
			continue
		}
		is, err := one(x.ctx, x.tx, scanVehicle, `SELECT `+vehicleColumns+` FROM vehicles WHERE vin = $1`, v.VIN)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		is.VIN, is.AutoRegistered = v.VIN, false
		v.Apply(&is)
		if err := x.refer(v, &is); err != nil {
			return err
		}
		if is.Powertrain == "" {
			x.bad(v.ImportRow, "a new vehicle needs a powertrain: bev, phev or ice")
			continue
		}
		if err := putVehicles(x.ctx, x.tx, []presage.Vehicle{is}); err != nil {
			return err
		}
		if err := x.keep(v.ImportRow, k, string(v.VIN), ""); err != nil {
			return err
		}
	}
	return nil
}

// refer sets whose a vehicle is, and where offers go first, as far as the row says it.
func (x *intake) refer(v presage.ImportedVehicle, is *presage.Vehicle) (err error) {
	if v.Customer != "" {
		if is.CustomerID, err = x.ours(v.ImportRow, presage.KindCustomer, v.Customer); err != nil {
			return err
		}
	}
	if v.Workshop != "" {
		is.WorkshopID, err = x.ours(v.ImportRow, presage.KindWorkshop, v.Workshop)
	}
	return err
}

// partUse takes back what a row said before, and adds what it says now.
func (x *intake) partUse() error {
	type use struct {
		Depot, Part string
		Day         presage.Day
		Quantity    int
	}
	for _, u := range x.batch.PartUse {
		k, fresh, err := x.news(u.ImportRow)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		now := use{u.Depot, u.Part, u.Day, u.Quantity}
		if now.Depot == "" {
			if now.Depot, err = x.depotOf(u.ImportRow, u.Workshop); err != nil {
				return err
			}
		}
		all := []use{now}
		if k.body != "" {
			var was use
			if err := (document{&was}).Scan(k.body); err != nil {
				return err
			}
			was.Quantity = -was.Quantity
			all = []use{was, now}
		}
		err = each(x.ctx, x.tx, partUseAdd, all, func(u use) ([]any, error) {
			return []any{u.Depot, u.Part, int64(u.Day), u.Quantity}, nil
		})
		if err != nil {
			return err
		}
		body, err := encode(now)
		if err != nil {
			return err
		}
		if err := x.keep(u.ImportRow, k, u.Part, body); err != nil {
			return err
		}
	}
	return nil
}

func (x *intake) depotOf(r presage.ImportRow, workshop string) (string, error) {
	id, err := x.ours(r, presage.KindWorkshop, workshop)
	if err != nil {
		return "", err
	}
	return one(x.ctx, x.tx, scanString, `SELECT COALESCE(MIN(depot_id), '') FROM workshops WHERE id = $1`, id)
}

// External gives what is known of a dealer's record, or ErrNotFound.
func (s *Store) External(ctx context.Context, source, kind, externalID string) (presage.External, error) {
	e, err := one(ctx, s.r, scanExternal, externalSelect+`
		WHERE source = $1 AND kind = $2 AND external_id = $3`, source, kind, externalID)
	return e, wrap(err, kind+" of "+source)
}

const externalSelect = `SELECT source, kind, external_id, id, revision, digest FROM external_ids`

func scanExternal(r row) (presage.External, error) {
	var e presage.External
	err := r.Scan(&e.Source, &e.Kind, &e.ExternalID, &e.ID, &e.Revision, &e.Digest)
	return e, err
}
