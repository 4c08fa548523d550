package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"presage"
)

// PutFleet inserts or replaces all rows of f in one transaction: all or none.
// What holds for PutDepots, PutCustomers, PutVehicles and PutStock holds for its
// rows. A workshop keeps the blocks that people made on its board.
func (s *Store) PutFleet(ctx context.Context, f presage.Fleet) error {
	depots, errDepots := ready(depotUpsert, f.Depots, depotArgs)
	customers, errCustomers := ready(customerUpsert, f.Customers, customerArgs)
	vehicles, errVehicles := ready(vehicleUpsert, byVIN(f.Vehicles), vehicleArgs)
	const doing = "put the fleet"
	devices, errDevices := ready(deviceImport, f.Devices, deviceArgs)
	if err := errors.Join(errDepots, errCustomers, errDevices, errVehicles); err != nil {
		return wrap(err, doing)
	}
	return s.inTx(ctx, doing, func(tx *sql.Tx) error {
		if err := putWorkshops(ctx, tx, f.Workshops); err != nil {
			return err
		}
		for _, w := range []write{depots, customers, devices, vehicles} {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		if err := putStock(ctx, tx, f.Stock, f.At); err != nil {
			return err
		}
		return errors.Join(findStops(ctx, tx, f.Customers), imported(ctx, tx, f.Customers),
			outdateOf(ctx, tx, f.Vehicles, func(v presage.Vehicle) presage.VIN { return v.VIN }))
	})
}

// putWorkshops locks workshops in the order of their IDs, as all writers of several do.
func putWorkshops(ctx context.Context, tx *sql.Tx, ws []presage.Workshop) error {
	byID := func(a, b presage.Workshop) int { return strings.Compare(a.ID, b.ID) }
	for _, w := range slices.SortedStableFunc(slices.Values(ws), byID) {
		was, err := lockWorkshop(ctx, tx, w.ID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := each(ctx, tx, workshopUpsert, []presage.Workshop{w.WithBlocksOf(was)}, workshopArgs); err != nil {
			return err
		}
	}
	return nil
}
