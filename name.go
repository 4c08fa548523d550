package presage

import "strings"

// NameUse says that a vehicle sent a reading under a signal name on a day.
type NameUse struct {
	VIN  VIN
	Name string
	Day  Day // of the newest reading
}

// SignalName is a name that is not in the signal table, as the service knows it.
type SignalName struct {
	Name string
	VIN  VIN // who sent it first; "" for a name from before anybody counted
	Day  Day // of the newest reading under it
}

// ReservedSignal tells whether a name is ours: of the signal table or of the
// series that Presage writes. Such names are few, and stored whatever else is.
func ReservedSignal(name string) bool {
	if _, ok := LookupSignal(name); ok {
		return true
	}
	return strings.HasPrefix(name, OwnPrefix)
}
