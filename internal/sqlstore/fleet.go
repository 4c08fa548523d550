package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"presage"
)

// PutFleet inserts or replaces all rows of f in one transaction: all or none.
// What holds for PutDepots, PutWorkshops, PutCustomers, PutVehicles and
// PutStock holds for its rows.
func (s *Store) PutFleet(ctx context.Context, f presage.Fleet) error {
	depots, errDepots := ready(depotUpsert, f.Depots, depotArgs)
	workshops, errWorkshops := ready(workshopUpsert, f.Workshops, workshopArgs)
	customers, errCustomers := ready(customerUpsert, f.Customers, customerArgs)
	vehicles, errVehicles := ready(vehicleUpsert, byVIN(f.Vehicles), vehicleArgs)
	stock, errStock := ready(stockUpsert, f.Stock, stockArgs)
	const doing = "put the fleet"
	devices, errDevices := ready(deviceImport, f.Devices, deviceArgs)
	if err := errors.Join(errDepots, errWorkshops, errCustomers, errDevices, errVehicles, errStock); err != nil {
		return wrap(err, doing)
	}
	return s.inTx(ctx, doing, func(tx *sql.Tx) error {
		for _, w := range []write{depots, workshops, customers, devices, vehicles, stock} {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		return errors.Join(findStops(ctx, tx, f.Customers), imported(ctx, tx, f.Customers))
	})
}
