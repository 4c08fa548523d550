package config

import (
	"slices"
	"strings"

	"presage"
)

// Does tells whether this process has a role.
func (c *Config) Does(role string) bool { return slices.Contains(c.Roles, role) }

// shared tells whether other processes can have the same vehicles.
func (c *Config) shared() bool {
	return c.Influx.URL != "" && address(c.Database.URL.Reveal(), "postgres", "postgresql")
}

// roles checks that what this process leaves to others can be done by others.
func (v *check) roles(c Config) {
	known := presage.ProcessRoles()
	want := strings.Join(known, ", ")
	v.require(len(c.Roles) > 0, "roles", "empty: want some of %s", want)
	for i, role := range c.Roles {
		v.require(!slices.Contains(c.Roles[:i], role), "roles", "duplicate role %q", role)
		v.require(slices.Contains(known, role), "roles", "%q: want some of %s", role, want)
	}
	part := slices.ContainsFunc(known, func(role string) bool { return !c.Does(role) })
	v.require(!part || c.shared(), "roles",
		"less than all of them with an embedded store, which no other process can open: set influx.url and database.url, "+
			"or leave roles out")
	v.require(c.Does(presage.ProcessAPI) || c.HTTP.PublicURL != "", "http.public_url",
		"empty while roles lack api: links in messages must lead to the processes that serve pages")
}
