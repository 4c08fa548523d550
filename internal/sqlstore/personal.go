package sqlstore

import "slices"

// personal is a table that holds something about customers. Every table with a
// column of customers' IDs or numbers is here: a test reads the schema.
type personal struct {
	name string
	// mine selects the rows of the customer $1.
	mine string
	// secret are columns that are of no use to the customer and dangerous in a file.
	secret []string
	// erase is done to those rows: $1 is the customer's ID and, where the rows stay,
	// $2 their alias. "" leaves them as they are.
	erase string
	why   string // why rows stay: one of the codes below; "" when they go
}

// Why rows outlive their customer.
const (
	keptForWork  = "work"     // a workshop has to prove what it did, and models learn from it
	keptForStop  = "stop"     // a STOP must outlive the customer, or an import would write to them again
	keptForProof = "proof"    // that consent was given or withdrawn has to be provable
	keptVehicle  = "vehicle"  // the vehicle goes on, with another owner or none
	keptDecision = "decision" // decisions have to be explained later; they rest on the vehicle alone
)

// personalTables are in the order in which a person would read them.
func personalTables() []personal {
	return slices.Concat(dealerTables(), contactTables(), caseTables())
}

// contactTables say who customers are, what they drive and what was written.
func contactTables() []personal {
	return []personal{
		{name: "customers", mine: `id = $1`},
		{
			name: "consent_events", mine: `customer_id = $1`, why: keptForProof,
			erase: `UPDATE consent_events SET customer_id = $2 WHERE customer_id = $1`,
		},
		{
			name: "devices", mine: `customer_id = $1`, secret: []string{"token"},
			erase: `DELETE FROM devices WHERE customer_id = $1`,
		},
		{
			name: "suppressions", why: keptForStop,
			mine: `address IN (SELECT phone FROM customers WHERE id = $1
				UNION SELECT LOWER(email) FROM customers WHERE id = $1)`,
		},
		{
			name: "vehicles", mine: `customer_id = $1`, why: keptVehicle,
			erase: `UPDATE vehicles SET customer_id = '', plate = '' WHERE customer_id = $1`,
		},
		{name: "prognoses", mine: `vin IN (SELECT vin FROM vehicles WHERE customer_id = $1)`, why: keptVehicle},
		{name: "vehicle_prognoses", mine: `vin IN (SELECT vin FROM vehicles WHERE customer_id = $1)`, why: keptVehicle},
		{
			name: "messages", mine: `customer_id = $1`, why: keptForProof,
			erase: `UPDATE messages SET customer_id = $2, title = '', body = '', link = '', provider_id = '', error = '',
				state = CASE WHEN state IN ('planned', 'sending') THEN 'suppressed' ELSE state END WHERE customer_id = $1`,
		},
		{name: "conversations", mine: `customer_id = $1`, erase: `DELETE FROM conversations WHERE customer_id = $1`},
		{
			name: "waits", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE waits SET customer_id = $2,
				subject = CASE WHEN kind = 'conversation' THEN $2 ELSE subject END,
				id = kind || '/' || $2 || '/' || came_at || '/' || case_id
				WHERE customer_id = $1`,
		},
		{name: "replies", mine: `customer_id = $1`, erase: `DELETE FROM replies WHERE customer_id = $1`},
	}
}

// caseTables are what customers were offered, what came of it, and why.
func caseTables() []personal {
	const byCase = `case_id IN (SELECT id FROM cases WHERE customer_id = $1)`
	const byBooking = `booking_id IN (SELECT id FROM bookings WHERE customer_id = $1)`
	return []personal{
		{
			name: "offers", mine: byCase, why: keptDecision,
		},
		{
			name: "coupons", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE coupons SET customer_id = $2 WHERE customer_id = $1`,
		},
		{
			name: "job_photos", mine: byBooking, secret: []string{"small", "body"}, // the bytes are files of their own
			erase: `DELETE FROM job_photos WHERE ` + byBooking,
		},
		{
			name: "bookings", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE bookings SET customer_id = $2, note = '', site = '' WHERE customer_id = $1`,
		},
		{
			name: "surveys", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE surveys SET customer_id = $2, line = '' WHERE customer_id = $1`,
		},
		{name: "workshop_results", why: keptForWork, mine: byBooking},
		{name: "result_versions", why: keptForWork, mine: byBooking, secret: []string{"back"}},
		{
			name: "rescues", mine: `customer_id = $1`, why: keptForWork,
			erase: `UPDATE rescues SET customer_id = $2, place = '' WHERE customer_id = $1`,
		},
		{
			name: "rescue_events", why: keptForWork,
			mine: `rescue_id IN (SELECT id FROM rescues WHERE customer_id = $1)`,
		},
		{name: "waiting_list", mine: `customer_id = $1`, erase: `DELETE FROM waiting_list WHERE customer_id = $1`},
		{name: "case_events", mine: byCase, why: keptDecision},
		{
			name: "decisions", mine: `customer_id = $1`, why: keptDecision,
			erase: `UPDATE decisions SET customer_id = $2 WHERE customer_id = $1`,
		},
		{
			name: "cases", mine: `customer_id = $1`, why: keptDecision,
			erase: `UPDATE cases SET customer_id = $2, site = '' WHERE customer_id = $1`,
		},
	}
}
