import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";

import { Icon, type IconName } from "./icons";

type Look = "primary" | "quiet" | "danger";

interface Styled {
  look?: Look | undefined;
  small?: boolean;
  icon?: IconName;
}

function classOf({ look, small, icon }: Styled, children: ReactNode): string {
  const classes = ["button"];
  if (look) classes.push(`button-${look}`);
  if (small) classes.push("button-small");
  if (icon && !children) classes.push("button-icon");
  return classes.join(" ");
}

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  Styled & {
    /** Work is under way: the button stays focused and does nothing. */
    isBusy?: boolean;
  };

/** A button with an icon alone needs an `aria-label`. */
export function Button({ look, small, icon, isBusy, children, onClick, ...rest }: ButtonProps) {
  const styled = { look, ...(small ? { small } : {}), ...(icon ? { icon } : {}) };
  return (
    <button
      type="button"
      className={classOf(styled, children)}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function ButtonLink({ look, small, icon, children, ...rest }: LinkProps & Styled) {
  const styled = { look, ...(small ? { small } : {}), ...(icon ? { icon } : {}) };
  return (
    <Link className={classOf(styled, children)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}
