/** A column of a table at the desk: what it says, and by what it is sorted when that is not what it says. */
export interface Column<T> {
  name: string;
  text: (row: T) => string;
  by?: (row: T) => string | number;
  figure?: boolean;
  /** Never broken over lines, such as a time. */
  whole?: boolean;
}
