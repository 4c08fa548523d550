package presage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AdminID is the user of a login that was begun with the admin key; no account has it.
const AdminID = "admin"

// Account is a person who works with the service. It begins enabled, is never
// deleted, for histories name it, and lets nobody in while it is disabled.
type Account struct {
	ID string `json:"id"`
	// Name is unlike any other account's and stays: owners, histories and advisers
	// are named by it.
	Name      string    `json:"name"`
	Roles     []Role    `json:"roles"`     // at least one: what the person may do
	Workshops []string  `json:"workshops"` // IDs, what the person is shown first; none: all
	Lang      Lang      `json:"lang"`
	CreatedAt time.Time `json:"created_at"`
	// DisabledAt is when the account was disabled; zero while it is not.
	DisabledAt time.Time `json:"disabled_at,omitzero"`
	HasKey     bool      `json:"has_key"` // of their own, to log in with
}

// Role is what a person does; see access for what each may.
type Role string

// The roles.
const (
	RoleManager    Role = "manager"    // everything
	RoleAdviser    Role = "adviser"    // customers: conversations, cases, visits
	RoleTechnician Role = "technician" // job cards
	RolePlanner    Role = "planner"    // parts
)

// Roles lists them in the order of forms.
func Roles() []Role { return []Role{RoleManager, RoleAdviser, RoleTechnician, RolePlanner} }

// Disabled tells whether the account lets nobody in.
func (a Account) Disabled() bool { return !a.DisabledAt.IsZero() }

// Is tells whether the person has a role.
func (a Account) Is(role Role) bool { return slices.Contains(a.Roles, role) }

// Validate says all that is wrong with an account, by field name; ErrInvalid.
func (a Account) Validate() error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, AtField(field, fmt.Errorf("%w: want %s", ErrInvalid, want)))
		}
	}
	if err := CheckID(a.ID); err != nil {
		faults = append(faults, AtField("id", err))
	}
	if err := CheckPlain(a.Name, 60); err != nil {
		faults = append(faults, AtField("name", err))
	}
	check(a.ID != AdminID, "id", "another one: admin is who holds the admin key")
	check(strings.TrimSpace(a.Name) != "" && a.Name == strings.TrimSpace(a.Name),
		"name", "a name without spaces around it")
	check(!slices.Contains(reservedNames(), a.Name), "name", "a person's, not a role's")
	check(len(a.Roles) > 0 && len(a.Roles) <= len(Roles()), "roles", "one at least: manager, adviser, technician, planner")
	for i, r := range a.Roles {
		check(slices.Contains(Roles(), r), fmt.Sprintf("roles[%d]", i), "manager, adviser, technician or planner")
	}
	check(len(a.Workshops) <= 200, "workshops", "at most 200")
	for i, id := range a.Workshops {
		check(CheckID(id) == nil, fmt.Sprintf("workshops[%d]", i), "the ID of a workshop")
	}
	check(a.Lang == Chinese || a.Lang == English, "lang", "zh or en")
	return errors.Join(faults...)
}

// reservedNames are those by which histories name what is no person.
func reservedNames() []string {
	return []string{
		OwnerOutreach, OwnerAdviser, OwnerWorkshop, OwnerManager, AdminID, "api", "customer", "policy",
	}
}
