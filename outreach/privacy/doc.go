// Package privacy gives customers their data, and forgets them when they ask.
//
// What is erased and what stays under an alias, and why, is said by the store
// and told to who asked. A visit or repair that goes on has to end first:
// nobody is left at a workshop that no longer knows whose car it has. Backups
// made before hold what they held; they run out by their own age.
package privacy
