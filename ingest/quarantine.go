package ingest

// strangerDetail says how a message of an unknown vehicle gets in.
func (p *Pipeline) strangerDetail() string {
	if p.cfg.Unknown == UnknownQuarantine {
		return "the vehicle is not registered: register it and its letters are driven again by themselves"
	}
	return "the vehicle is not registered: register it and drive the letter again"
}
