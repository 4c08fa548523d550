package sqlstore

import (
	"context"

	"presage"
)

// QualityRows lists all customers and vehicles as the checks read them, once for each
// dealer's system that knows them, or for none.
func (s *Store) QualityRows(ctx context.Context) ([]presage.QualityRow, error) {
	customers, err := all(ctx, s.r, func(r row) (presage.QualityRow, error) {
		x := presage.QualityRow{Kind: presage.KindCustomer}
		err := r.Scan(&x.Source, &x.ExternalID, &x.ID, &x.Name, &x.Phone, &x.Email, &x.EmailBad)
		return x, err
	}, `SELECT COALESCE(e.source, ''), COALESCE(e.external_id, ''), c.id, c.name, c.phone, c.email,
			c.bad_email = c.email AND c.email <> ''
		FROM customers c LEFT JOIN external_ids e ON e.kind = 'customer' AND e.id = c.id ORDER BY 1, c.id, 2`)
	if err != nil {
		return nil, wrap(err, "quality of customers")
	}
	vehicles, err := all(ctx, s.r, func(r row) (presage.QualityRow, error) {
		x := presage.QualityRow{Kind: presage.KindVehicle}
		err := r.Scan(&x.Source, &x.ExternalID, &x.ID, &x.Plate, &x.Odometer)
		return x, err
	}, `SELECT COALESCE(e.source, ''), COALESCE(e.external_id, ''), v.vin, v.plate,
			v.last_seen > 0 OR EXISTS (SELECT 1 FROM labels l WHERE l.vin = v.vin AND l.odometer_km > 0)
		FROM vehicles v LEFT JOIN external_ids e ON e.kind = 'vehicle' AND e.id = v.vin
		ORDER BY 1, v.vin, 2`)
	return append(customers, vehicles...), wrap(err, "quality of vehicles")
}
