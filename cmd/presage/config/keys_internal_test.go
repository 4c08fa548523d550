package config

// Keys lists every key in the order of Config.
func Keys() []string {
	c := Default()
	var out []string
	for _, f := range fields(&c) {
		out = append(out, f.key)
	}
	return out
}
