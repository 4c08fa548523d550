package tesla

// SignalNames are the names that fields of the table take when VSS has none
// for them, or none for what they say. Firmware cannot make them more.
func (d *Decoder) SignalNames() []string {
	out := make([]string, 0, len(d.table))
	for name := range d.table {
		out = append(out, Prefix+name)
	}
	return out
}
