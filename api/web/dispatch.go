package web

import "presage"

// dispatchBody is why a visit has its technician.
type dispatchBody struct {
	Instead string // by name; "" for nobody
	Cause   presage.DispatchCause
	Rows    []dispatchRow
}

// dispatchRow is a technician who was considered.
type dispatchRow struct {
	presage.Considered

	Name string
	Able bool
}

// dispatchOf names those who were considered; nil where nobody chose.
func dispatchOf(b presage.Booking, w presage.Workshop) *dispatchBody {
	if b.Dispatch == nil {
		return nil
	}
	d := &dispatchBody{Instead: technician(w, b.Dispatch.Instead), Cause: b.Dispatch.Cause}
	for _, c := range b.Dispatch.Technicians {
		able := c.Verdict != presage.DispatchSkill && c.Verdict != presage.DispatchBusy
		d.Rows = append(d.Rows, dispatchRow{c, technician(w, c.Technician), able})
	}
	return d
}
