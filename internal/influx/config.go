package influx

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"presage"
)

// Config says where the server is and how to talk to it.
type Config struct {
	URL    string         // "http://host:8086"
	Token  presage.Secret // InfluxDB 1.8: empty or "user:password"
	Org    string         // InfluxDB 1.8: empty
	Bucket string         // InfluxDB 1.8: "database/policy"

	// Timeout bounds one request; 20 s when 0.
	Timeout time.Duration
	// BatchBytes is the size of one write request before compression; 1 MiB
	// when 0. InfluxDB 1.8 takes 25 MB at most.
	BatchBytes int
	// PageRows is how many points of one field a scan asks for at a time;
	// 5000 when 0. A page in memory takes about 100 bytes a point.
	PageRows int
	// Now gives Probe's point its time; nil leaves it to the server, which then
	// keeps each of them.
	Now func() time.Time
}

// Validate names everything that is wrong, by field, in one ErrInvalid.
func (c Config) Validate() error {
	var faults []error
	if u, err := url.Parse(c.URL); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		faults = append(faults, errors.New("url: want http://host:port or https://host:port"))
	}
	if c.Bucket == "" {
		faults = append(faults, errors.New("bucket: is empty (InfluxDB 1.8: database/policy, e.g. presage/autogen)"))
	}
	if c.Timeout < 0 || c.BatchBytes < 0 || c.PageRows < 0 {
		faults = append(faults, errors.New("timeout, batch_bytes, page_rows: must not be negative"))
	}
	if len(faults) > 0 {
		return fmt.Errorf("influx: %w: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	if c.BatchBytes == 0 {
		c.BatchBytes = 1 << 20
	}
	if c.PageRows == 0 {
		c.PageRows = 5000
	}
	return c
}
