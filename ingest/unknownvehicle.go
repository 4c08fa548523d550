package ingest

// unknownVehicleDetail says how a message of an unknown vehicle gets in.
func (p *Pipeline) unknownVehicleDetail() string {
	switch p.cfg.Unknown {
	case UnknownRegister:
		return "no further vehicle registers itself, ingest.register_total is reached: " +
			"register this one and drive the letter again"
	case UnknownQuarantine:
		return "the vehicle is not registered: register it and its letters are driven again by themselves"
	}
	return "the vehicle is not registered: register it and drive the letter again"
}
